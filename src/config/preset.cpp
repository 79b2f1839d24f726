// The table of providers. Caps without a published limit are guesses on the safe side.

#include "mailhold/config/preset.hpp"

#include <algorithm>

namespace mailhold::config {

namespace {

constexpr std::string_view netease_step = "in the web mail open 设置 > POP3/SMTP/IMAP, switch "
                                          "IMAP/SMTP服务 on, create a 授权码 (authorisation code) "
                                          "and use it as the password";
constexpr std::string_view zoho_step = "in Zoho Mail open Settings > Mail Accounts > your address "
                                       "> IMAP and switch IMAP Access on (the "
                                       "administrator must allow it); with two-factor sign-in "
                                       "create an application-specific password under "
                                       "Zoho Accounts > Security > App Passwords";

Preset netease(std::string_view name, std::string_view host)
{
    return {.name = name,
            .domains = {name},
            .host = host,
            .connection_cap = 3,
            .auth = {Auth::plain, Auth::login},
            .quirks = {Quirk::needs_id},
            .ignored_capabilities = {},
            .user_step = netease_step};
}

Preset zoho(std::string_view name, std::vector<std::string_view> domains, std::string_view host)
{
    return {.name = name,
            .domains = std::move(domains),
            .host = host,
            .connection_cap = 3,
            .auth = {Auth::plain, Auth::xoauth2},
            .quirks = {},
            .ignored_capabilities = {},
            .user_step = zoho_step};
}

std::vector<Preset> international_presets()
{
    return {
        {.name = "gmail",
         .domains = {"gmail.com", "googlemail.com"},
         .host = "imap.gmail.com",
         .connection_cap = 15,
         .auth = {Auth::xoauth2, Auth::oauthbearer, Auth::plain},
         .quirks = {Quirk::gmail_labels, Quirk::merges_duplicates},
         .upload_bytes_a_day = 500'000'000,
         .ignored_capabilities = {},
         .user_step =
             "switch on 2-Step Verification, create an app password at "
             "https://myaccount.google.com/apppasswords and use it as the password (in Google "
             "Workspace the administrator must allow IMAP: Apps > Google Workspace > Gmail > "
             "End User Access)"},
        {.name = "microsoft365",
         .domains = {"outlook.com", "hotmail.com", "live.com", "msn.com", "office365.com"},
         .host = "outlook.office365.com",
         .connection_cap = 8,
         .auth = {Auth::xoauth2},
         .quirks = {Quirk::oauth_only, Quirk::search_unreliable},
         .ignored_capabilities = {"IMAP4rev2", "ESEARCH"},
         .user_step =
             "Microsoft takes no passwords for IMAP: register an app with the permission "
             "IMAP.AccessAsUser.All in the Microsoft Entra admin center, give the account a "
             "token_command that prints an access token, and leave IMAP switched on (Microsoft 365 "
             "admin center > Users > Active users > Mail > Manage email apps)"},
        zoho("zoho", {"zoho.com", "zohomail.com"}, "imap.zoho.com"),
        zoho("zoho-eu", {"zoho.eu", "zohomail.eu"}, "imap.zoho.eu"),
        zoho("zoho-pro", {}, "imappro.zoho.com"),
        zoho("zoho-eu-pro", {}, "imappro.zoho.eu"),
        {.name = "yandex",
         .domains = {"yandex.com", "yandex.ru", "ya.ru", "yandex.by", "yandex.kz"},
         .host = "imap.yandex.com",
         .connection_cap = 4,
         .auth = {Auth::plain, Auth::xoauth2},
         .quirks = {},
         .ignored_capabilities = {},
         .user_step = "in Yandex Mail open All settings > Email clients and allow imap.yandex.com, "
                      "then create an "
                      "app password for mail at https://id.yandex.com/security/app-passwords and "
                      "use it as the "
                      "password"},
    };
}

std::vector<Preset> chinese_presets()
{
    return {
        netease("163.com", "imap.163.com"),
        netease("126.com", "imap.126.com"),
        netease("yeah.net", "imap.yeah.net"),
        {.name = "qq",
         .domains = {"qq.com", "vip.qq.com", "foxmail.com"},
         .host = "imap.qq.com",
         .connection_cap = 3,
         .auth = {Auth::plain, Auth::login},
         .quirks = {Quirk::search_unreliable, Quirk::drops_on_unknown_command},
         .ignored_capabilities = {},
         .user_step = "in QQ Mail open 设置 > 账号 > POP3/IMAP/SMTP服务, switch IMAP/SMTP服务 on, "
                      "confirm by SMS and "
                      "use the 授权码 (authorisation code) it shows as the password"},
        {.name = "exmail",
         .domains = {"exmail.qq.com"},
         .host = "imap.exmail.qq.com",
         .connection_cap = 3,
         .auth = {Auth::plain, Auth::login},
         .quirks = {Quirk::search_unreliable, Quirk::drops_on_unknown_command},
         .ignored_capabilities = {},
         .user_step = "in Tencent Exmail open 设置 > 客户端设置 and switch IMAP/SMTP服务 on; where "
                      "安全登录 is on, "
                      "create a 客户端专用密码 (client password) under 设置 > 微信绑定 and use it "
                      "as the password"},
        {.name = "aliyun",
         .domains = {"aliyun.com"},
         .host = "imap.aliyun.com",
         .connection_cap = 3,
         .auth = {Auth::plain, Auth::login},
         .quirks = {},
         .ignored_capabilities = {},
         .user_step = "in the web mail's 设置 allow third-party clients; where a 客户端安全密码 "
                      "(client security "
                      "password) is asked for, create one there and use it as the password"},
        {.name = "aliyun-qiye",
         .domains = {"qiye.aliyun.com"},
         .host = "imap.qiye.aliyun.com",
         .connection_cap = 3,
         .auth = {Auth::plain, Auth::login},
         .quirks = {},
         .ignored_capabilities = {},
         .user_step =
             "the administrator allows third-party clients (Security Management > Account Security "
             "Policy); where security passwords are enforced, each user creates a 客户端安全密码 "
             "in the "
             "web mail and it is used as the password"},
    };
}

std::vector<Preset> all_presets()
{
    auto all = international_presets();
    for (Preset& preset : chinese_presets())
        all.push_back(std::move(preset));
    return all;
}

bool knows(const Preset& preset, std::string_view word)
{
    return preset.name == word || preset.host == word ||
           std::find(preset.domains.begin(), preset.domains.end(), word) != preset.domains.end();
}

}  // namespace

bool Preset::has(Quirk quirk) const
{
    return std::find(quirks.begin(), quirks.end(), quirk) != quirks.end();
}

std::span<const Preset> presets()
{
    static const std::vector<Preset> all = all_presets();
    return all;
}

const Preset* find_preset(std::string_view name_domain_or_host)
{
    const std::string word = lower_case_address(name_domain_or_host);
    const auto all = presets();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Preset& preset) { return knows(preset, word); });
    return found == all.end() ? nullptr : &*found;
}

std::string_view domain_of(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    return at == address.npos ? std::string_view() : address.substr(at + 1);
}

}  // namespace mailhold::config
