// The table of providers.

#include "mailhold/config/preset.hpp"

#include <map>

#include <gmock/gmock.h>

#include "host.hpp"

namespace mailhold::config {
namespace {

TEST(Preset, IsFoundByDomainNameAndHost)
{
    const std::pair<std::string_view, std::string_view> table[] = {
        {"gmail.com", "imap.gmail.com"},
        {"GoogleMail.com", "imap.gmail.com"},
        {"outlook.com", "outlook.office365.com"},
        {"hotmail.com", "outlook.office365.com"},
        {"live.com", "outlook.office365.com"},
        {"microsoft365", "outlook.office365.com"},
        {"163.com", "imap.163.com"},
        {"126.com", "imap.126.com"},
        {"yeah.net", "imap.yeah.net"},
        {"qq.com", "imap.qq.com"},
        {"foxmail.com", "imap.qq.com"},
        {"exmail", "imap.exmail.qq.com"},
        {"exmail.qq.com", "imap.exmail.qq.com"},
        {"aliyun.com", "imap.aliyun.com"},
        {"qiye.aliyun.com", "imap.qiye.aliyun.com"},
        {"zoho.com", "imap.zoho.com"},
        {"zoho.eu", "imap.zoho.eu"},
        {"zoho-pro", "imappro.zoho.com"},
        {"yandex.ru", "imap.yandex.com"},
        {"imap.163.com", "imap.163.com"}};
    for (const auto& [word, host] : table) {
        const Preset* preset = find_preset(word);
        ASSERT_NE(preset, nullptr) << word;
        EXPECT_EQ(preset->host, host) << word;
    }
    for (std::string_view word : {"", "example.com", "mail.gmail.com", "company.cn"})
        EXPECT_EQ(find_preset(word), nullptr) << word;
}

TEST(Preset, QuirksStandWhereTheyWereSeen)
{
    EXPECT_TRUE(find_preset("gmail")->has(Quirk::gmail_labels));
    EXPECT_TRUE(find_preset("163.com")->has(Quirk::needs_id));
    EXPECT_TRUE(find_preset("126.com")->has(Quirk::needs_id));
    EXPECT_TRUE(find_preset("qq")->has(Quirk::drops_on_unknown_command));
    EXPECT_TRUE(find_preset("exmail")->has(Quirk::search_unreliable));
    EXPECT_TRUE(find_preset("microsoft365")->has(Quirk::oauth_only));
    EXPECT_FALSE(find_preset("yandex")->has(Quirk::needs_id));
    EXPECT_EQ(find_preset("gmail")->connection_cap, 15U);
    EXPECT_EQ(find_preset("zoho")->connection_cap, 3U);
}

TEST(Preset, EveryOneIsCompleteAndNoWordMeansTwo)
{
    std::map<std::string_view, const Preset*> owner;
    for (const Preset& preset : presets()) {
        EXPECT_TRUE(is_host(preset.host)) << preset.name;
        EXPECT_EQ(preset.port, 993) << preset.name;
        EXPECT_EQ(preset.tls, Tls::implicit) << preset.name;
        EXPECT_GE(preset.connection_cap, 1U) << preset.name;
        EXPECT_FALSE(preset.auth.empty()) << preset.name;
        EXPECT_GT(preset.user_step.size(), 40U) << preset.name;
        EXPECT_FALSE(preset.user_step.ends_with('.')) << preset.name;
        auto words = preset.domains;
        words.push_back(preset.name);
        words.push_back(preset.host);
        for (const std::string_view word : words)
            EXPECT_EQ(owner.emplace(word, &preset).first->second, &preset) << word;
    }
}

TEST(DomainOf, IsWhatFollowsTheLastAtSign)
{
    EXPECT_EQ(domain_of("a@b.c"), "b.c");
    EXPECT_EQ(domain_of("\"x@y\"@b.c"), "b.c");
    EXPECT_EQ(domain_of("nobody"), "");
}

}  // namespace
}  // namespace mailhold::config
