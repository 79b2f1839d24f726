// Reads an [[account]] table, fills in what the provider's preset knows, and refuses what cannot
// work.

#include "read_account.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "host.hpp"
#include "mailhold/config/preset.hpp"
#include "suggest.hpp"
#include "table_reader.hpp"

namespace mailhold::config {

namespace {

template <class Enum>
struct Word {
    std::string_view word;
    Enum value;
};

constexpr Word<Tls> tls_words[] = {
    {"implicit", Tls::implicit}, {"starttls", Tls::starttls}, {"none", Tls::none}};
constexpr Word<Auth> auth_words[] = {{"auto", Auth::automatic},
                                     {"plain", Auth::plain},
                                     {"login", Auth::login},
                                     {"xoauth2", Auth::xoauth2},
                                     {"oauthbearer", Auth::oauthbearer}};

template <class Enum, std::size_t Count>
std::optional<Enum> read_word(TableReader& reader, std::string_view key,
                              const Word<Enum> (&words)[Count])
{
    const auto text = reader.text(key);
    if (!text)
        return std::nullopt;
    std::vector<std::string_view> known;
    for (const auto& [word, value] : words) {
        if (word == *text)
            return value;
        known.push_back(word);
    }
    reader.fail(key, fmt::format("{} = \"{}\" is unknown", key, *text), suggestion(*text, known));
}

void read_address(TableReader& reader, Account& account)
{
    account.address = reader.text("address").value_or("");
    if (account.address.empty())
        reader.fail("address", "an [[account]] has no address",
                    "write address = \"name@example.com\"");
    if (!is_address(account.address))
        reader.fail("address", fmt::format("\"{}\" is not an email address", account.address),
                    "write address = \"name@example.com\"");
}

/// A preset named, else that of the host written, else that of the address's domain.
const Preset* choose_preset(TableReader& reader, const Account& account,
                            const std::optional<std::string>& host)
{
    const auto name = reader.text("preset");
    if (!name)
        return find_preset(host ? *host : domain_of(account.address));
    if (const Preset* preset = find_preset(*name))
        return preset;
    std::vector<std::string_view> known;
    for (const Preset& preset : presets())
        known.push_back(preset.name);
    reader.fail("preset", fmt::format("preset = \"{}\" is unknown", *name),
                suggestion(*name, known));
}

void read_server(TableReader& reader, Account& account)
{
    const auto host = reader.text("host");
    const auto tls = read_word(reader, "tls", tls_words);
    const auto port = reader.integer("port", 1, 65535);
    const Preset* preset = choose_preset(reader, account, host);
    if (host && !is_host(*host))
        reader.fail(
            "host", fmt::format("host = \"{}\" is not a host name", *host),
            "write the name alone, such as host = \"imap.example.com\"; the port has its own key");

    account.preset = preset != nullptr ? preset->name : "";
    account.host = host ? *host : preset != nullptr ? std::string(preset->host) : "";
    account.tls = tls.value_or(preset != nullptr ? preset->tls : Tls::implicit);
    const bool as_preset = preset != nullptr && account.tls == preset->tls;
    const int usual_port = as_preset ? preset->port : account.tls == Tls::implicit ? 993 : 143;
    account.port = static_cast<std::uint16_t>(port.value_or(usual_port));

    if (account.host.empty() && !account.archive_only)
        reader.fail("host",
                    fmt::format("{} has no host, and its provider is unknown", account.address),
                    "write host = \"imap.example.com\", or a preset; a closed account says "
                    "archive_only = true");
    if (account.tls == Tls::none && !account.host.empty() && !is_loopback_host(account.host))
        reader.fail(
            "tls",
            fmt::format("tls = \"none\" would send the password of {} in the clear",
                        account.address),
            "use tls = \"implicit\" or \"starttls\"; \"none\" is for servers on this machine only");
}

void read_login(TableReader& reader, Account& account)
{
    account.user = reader.text("user").value_or(account.address);
    account.auth = read_word(reader, "auth", auth_words).value_or(Auth::automatic);
    account.password_command = reader.command("password_command").value_or("");
    account.token_command = reader.command("token_command").value_or("");

    const bool by_token = account.auth == Auth::xoauth2 || account.auth == Auth::oauthbearer;
    if (account.user.empty())
        reader.fail("user", "user is empty", "leave it out to log in with the address");
    if (!account.password_command.empty() && !account.token_command.empty())
        reader.fail("token_command", "both password_command and token_command are given",
                    "keep one of them");
    if (by_token && account.token_command.empty() && !account.archive_only)
        reader.fail("auth", "OAuth2 needs a token_command",
                    "write token_command = \"…\", a command that prints an access token");
    if (!by_token && account.auth != Auth::automatic && !account.token_command.empty())
        reader.fail("auth", "a token_command does not go with this auth",
                    "write auth = \"xoauth2\" or auth = \"oauthbearer\"");
}

std::string read_role(TableReader& reader)
{
    auto role = reader.text("role").value_or("flagship");
    if (role.empty() || role.find(' ') != role.npos)
        reader.fail("role", fmt::format("role = \"{}\" is not one word", role),
                    "use flagship, tactical, vanguard or a word of your own");
    return role;
}

std::string read_proxy(TableReader& reader, const std::string& inherited)
{
    auto proxy = reader.text("proxy").value_or(inherited);
    if (!proxy.empty() && !is_proxy(proxy))
        reader.fail("proxy", "this proxy is not usable",
                    "write proxy = \"socks5://host:port\" or \"http://host:port\", without user "
                    "and password; "
                    "\"\" means none");
    return proxy;
}

}  // namespace

std::filesystem::path beside_config(const std::filesystem::path& file, const std::string& path)
{
    const auto whole = std::filesystem::absolute(file).parent_path() / path;
    const auto clean = whole.lexically_normal();
    return clean.has_filename() ? clean : clean.parent_path();
}

Account read_account(const toml::table& table, const std::filesystem::path& file,
                     const AccountDefaults& defaults)
{
    TableReader reader(table, file);
    Account account;
    account.line = reader.line();
    read_address(reader, account);
    account.archive_only = reader.boolean("archive_only").value_or(false);
    read_server(reader, account);
    read_login(reader, account);
    account.role = read_role(reader);
    account.proxy = read_proxy(reader, defaults.proxy);
    account.exclude = reader.texts("exclude").value_or(std::vector<std::string>{});
    if (const auto ca_file = reader.text("ca_file"); ca_file && !ca_file->empty())
        account.ca_file = beside_config(file, *ca_file);

    const Preset* preset = find_preset(account.preset);
    const unsigned usual = preset != nullptr
                               ? std::min(defaults.connections, preset->connection_cap)
                               : defaults.connections;
    account.connections =
        static_cast<unsigned>(reader.integer("connections", 1, 32).value_or(usual));
    reader.refuse_other_keys();
    return account;
}

}  // namespace mailhold::config
