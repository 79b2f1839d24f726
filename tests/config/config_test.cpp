// A whole config, its defaults, and every way to get it wrong.

#include "mailhold/config/config.hpp"

#include <gmock/gmock.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::string_view head = "vault = \"v\"\nstate = \"s\"\n";  // two lines

Config parsed(std::string_view more)
{
    return parse_config(std::string(head) + std::string(more), "/etc/m.toml");
}

Account account(std::string_view keys)
{
    return parsed("[[account]]\n" + std::string(keys)).accounts.at(0);
}

TEST(Config, AMinimalOneHasTheDefaults)
{
    const Config config = parsed("");
    EXPECT_EQ(config.vault, "/etc/v");
    EXPECT_EQ(config.state, "/etc/s");
    EXPECT_EQ(config.timeouts.connect, 30s);
    EXPECT_EQ(config.timeouts.idle, 2min);
    EXPECT_EQ(config.timeouts.command, 1h);
    EXPECT_EQ(config.harvest.accounts_at_once, 4U);
    EXPECT_EQ(config.harvest.connections, 4U);
    EXPECT_EQ(config.harvest.commit_bytes, 32 * mebibyte);
    EXPECT_EQ(config.harvest.commit_interval, 5min);
    EXPECT_EQ(config.harvest.purge_min_messages, 20U);
    EXPECT_EQ(config.harvest.purge_percent, 10U);
    EXPECT_EQ(config.harvest.max_message_bytes, 256 * mebibyte);
    EXPECT_TRUE(config.harvest.compress);
    EXPECT_TRUE(config.accounts.empty());
}

TEST(Config, EveryKeyIsRead)
{
    const Config config = parse_config(R"(
vault = "s3://bucket/company"
state = "../state/"
proxy = "socks5://10.0.0.1:1080"
[timeouts]
connect = "500ms"
idle = "30s"
command = "2h"
[harvest]
accounts_at_once = 2
connections = 6
commit_bytes = "64MiB"
commit_interval = "1m"
purge_min_messages = 5
purge_percent = 50
max_message_bytes = "2GiB"
compress = false
[[account]]
address = "Sales@Example.com"
host = "127.0.0.1"
port = 1143
tls = "none"
user = "sales"
role = "先锋"
ca_file = "ca.pem"
auth = "plain"
password_command = """
pass show \
mail"""
connections = 9
exclude = ["Spam", "已删除*"]
proxy = ""
[[account]]
address = "b@example.com"
host = "imap.example.com"
tls = "starttls"
auth = "oauthbearer"
token_command = "token b"
[[account]]
address = "gone@example.com"
archive_only = true
role = "vanguard"
)",
                                       "/etc/mailhold/m.toml");
    EXPECT_EQ(config.vault, "s3://bucket/company");
    EXPECT_EQ(config.state, "/etc/state");
    EXPECT_EQ(config.timeouts.connect, 500ms);
    EXPECT_EQ(config.timeouts.command, 2h);
    EXPECT_EQ(config.harvest.max_message_bytes, 2 * gibibyte);
    EXPECT_EQ(config.harvest.purge_percent, 50U);
    EXPECT_FALSE(config.harvest.compress);
    ASSERT_EQ(config.accounts.size(), 3U);

    const Account& sales = config.accounts[0];
    EXPECT_EQ(sales.line, 18U);
    EXPECT_EQ(sales.port, 1143);
    EXPECT_EQ(sales.tls, Tls::none);
    EXPECT_EQ(sales.user, "sales");
    EXPECT_EQ(sales.role, "先锋");
    EXPECT_EQ(sales.ca_file, "/etc/mailhold/ca.pem");
    EXPECT_EQ(sales.auth, Auth::plain);
    EXPECT_EQ(sales.password_command, "pass show mail");
    EXPECT_EQ(sales.connections, 9U);
    EXPECT_THAT(sales.exclude, testing::ElementsAre("Spam", "已删除*"));
    EXPECT_EQ(sales.proxy, "") << "an empty proxy overrides the global one";

    EXPECT_EQ(config.accounts[1].port, 143);
    EXPECT_EQ(config.accounts[1].user, "b@example.com");
    EXPECT_EQ(config.accounts[1].role, "flagship");
    EXPECT_EQ(config.accounts[1].proxy, "socks5://10.0.0.1:1080");
    EXPECT_EQ(config.accounts[1].connections, 6U);
    EXPECT_TRUE(config.accounts[2].archive_only);
    EXPECT_EQ(config.find("sALES@example.COM"), &sales);
    EXPECT_EQ(config.find("nobody@example.com"), nullptr);
}

TEST(Config, PresetsFillInWhatIsLeftOut)
{
    const Account gmail = account("address = \"a@gmail.com\"\n");
    EXPECT_EQ(gmail.host, "imap.gmail.com");
    EXPECT_EQ(gmail.port, 993);
    EXPECT_EQ(gmail.preset, "gmail");
    EXPECT_EQ(gmail.connections, 4U) << "the cap is higher than the default";
    EXPECT_EQ(account("address = \"a@163.com\"\n").connections, 3U) << "the cap is lower";
    EXPECT_EQ(account("address = \"a@163.com\"\nconnections = 5\n").connections, 5U)
        << "the user knows better";

    const Account company = account("address = \"a@company.cn\"\npreset = \"exmail\"\n");
    EXPECT_EQ(company.host, "imap.exmail.qq.com");
    EXPECT_EQ(company.preset, "exmail");
    EXPECT_EQ(account("address = \"a@company.cn\"\nhost = \"imap.qq.com\"\n").preset, "qq")
        << "by host";
    EXPECT_EQ(account("address = \"a@gmail.com\"\nhost = \"localhost\"\n").preset, "")
        << "another server";
    EXPECT_EQ(account("address = \"a@x.com\"\nhost = \"localhost\"\npreset = \"gmail\"\n").preset,
              "gmail");
    EXPECT_EQ(account("address = \"a@gmail.com\"\ntls = \"starttls\"\n").port, 143);
}

struct Wrong {
    std::string_view text;     ///< after the two lines of `head`
    std::string_view message;  ///< starts with the line
    std::string_view hint;
};

constexpr Wrong wrongs[] = {
    {"hots = 1\n", "3: unknown key \"hots\"", "known here: vault, state"},
    {"valut = 1\n", "3: unknown key \"valut\"", "did you mean \"vault\"?"},
    {"password = \"x\"\n", "3: unknown key \"password\"", "secrets never stand in the config"},
    {"vault = \"w\"\n", "3: ", "toml.io"},
    {"x = \n", "3: ", "toml.io"},
    {"proxy = 7\n", "3: proxy must be a text", "in quotes"},
    {"proxy = \"http://u:topsecret@p:1\"\n", "3: this proxy is not usable",
     "without user and password"},
    {"timeouts = 3\n", "3: timeouts must be a table", "[timeouts]"},
    {"[timeouts]\nconnect = 30\n", "4: connect must be a text", "in quotes"},
    {"[timeouts]\nconnect = \"30\"\n", "4: connect = \"30\" is not a usable duration", "\"24h\""},
    {"[timeouts]\nconnect = \"0s\"\n", "4: connect", "10ms"},
    {"[timeouts]\nconect = \"3s\"\n", "4: unknown key \"conect\"", "did you mean \"connect\"?"},
    {"[harvest]\naccounts_at_once = 0\n", "4: accounts_at_once = 0 is out of range",
     "from 1 to 64"},
    {"[harvest]\naccounts_at_once = \"4\"\n", "4: accounts_at_once must be a whole number",
     "accounts_at_once = 4"},
    {"[harvest]\nconnections = 4.0\n", "4: connections must be a whole number", ""},
    {"[harvest]\npurge_percent = 101\n", "4: purge_percent", "from 0 to 100"},
    {"[harvest]\nmax_message_bytes = \"3GiB\"\n", "4: max_message_bytes", "to \"2GiB\""},
    {"[harvest]\ncommit_bytes = \"32MB\"\n", "4: commit_bytes", "MiB"},
    {"[harvest]\ncompress = \"yes\"\n", "4: compress must be true or false", "compress = true"},
    {"[harvest.more]\n", "3: unknown key \"more\"", ""},
    {"account = 3\n", "3: account must be a list of tables", "[[account]]"},
    {"account = [3]\n", "3: account must be a list of tables", "[[account]]"},
    {"[account]\naddress = \"a@b.c\"\n", "3: account must be a list of tables", "[[account]]"},
    {"[[account]]\n", "3: an [[account]] has no address", "address = "},
    {"[[account]]\naddress = \"a\"\n", "4: \"a\" is not an email address", ""},
    {"[[account]]\naddress = \"a\\nb@c.d\"\n", "4: address contains a control character", ""},
    {"[[account]]\naddress = \"a@b.c\"\n", "3: a@b.c has no host", "archive_only"},
    {"[[account]]\naddress = \"a@gmail.com\"\nhost = \"x:993\"\n",
     "5: host = \"x:993\" is not a host", "its own key"},
    {"[[account]]\naddress = \"a@gmail.com\"\nport = 0\n", "5: port = 0 is out of range", "65535"},
    {"[[account]]\naddress = \"a@gmail.com\"\ntls = \"ssl\"\n", "5: tls = \"ssl\" is unknown",
     "implicit"},
    {"[[account]]\naddress = \"a@gmail.com\"\ntls = \"none\"\n", "5: tls = \"none\" would send",
     "starttls"},
    {"[[account]]\naddress = \"a@gmail.com\"\nauth = \"xoauth\"\n", "5: auth",
     "did you mean \"xoauth2\"?"},
    {"[[account]]\naddress = \"a@gmail.com\"\nauth = \"xoauth2\"\n",
     "5: OAuth2 needs a token_command", ""},
    {"[[account]]\naddress = \"a@gmail.com\"\nauth = \"plain\"\ntoken_command = \"t\"\n",
     "5: a token_command", ""},
    {"[[account]]\naddress = \"a@gmail.com\"\npassword_command = \"p\"\ntoken_command = \"t\"\n",
     "6: both", ""},
    {"[[account]]\naddress = \"a@gmail.com\"\npassword = \"p\"\n", "5: unknown key \"password\"",
     "password-stdin"},
    {"[[account]]\naddress = \"a@gmail.com\"\npreset = \"gmial\"\n", "5: preset",
     "did you mean \"gmail\"?"},
    {"[[account]]\naddress = \"a@gmail.com\"\nrole = \"big ship\"\n", "5: role", "vanguard"},
    {"[[account]]\naddress = \"a@gmail.com\"\nuser = \"\"\n", "5: user is empty", ""},
    {"[[account]]\naddress = \"a@gmail.com\"\nexclude = \"Spam\"\n",
     "5: exclude must be a list of texts", "["},
    {"[[account]]\naddress = \"a@gmail.com\"\nexclude = [1]\n",
     "5: exclude must be a list of texts", ""},
    {"[[account]]\naddress = \"a@gmail.com\"\nconnections = 33\n", "5: connections",
     "from 1 to 32"},
    {"[[account]]\naddress = \"a@gmail.com\"\nproxy = \"p\"\n", "5: this proxy is not usable",
     "socks5"},
    {"[[account]]\naddress = \"a@gmail.com\"\n[[account]]\naddress = \"A@GMAIL.com\"\n",
     "5: A@GMAIL.com is configured twice, first at line 3", "take one"},
};

TEST(Config, EveryMistakeIsAUsageErrorWithLineAndHint)
{
    for (const Wrong& wrong : wrongs) {
        try {
            parsed(wrong.text);
            ADD_FAILURE() << "accepted: " << wrong.text;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::usage) << wrong.text;
            EXPECT_THAT(e.what(), testing::StartsWith("/etc/m.toml:" + std::string(wrong.message)))
                << wrong.text;
            EXPECT_THAT(e.hint(), HasSubstr(std::string(wrong.hint))) << wrong.text;
            EXPECT_THAT(e.what(), testing::Not(HasSubstr("\n")));
            EXPECT_THAT(e.what(), testing::Not(HasSubstr("topsecret"))) << "no secret in a message";
            EXPECT_FALSE(e.hint().ends_with('.')) << wrong.text;
        }
    }
}

TEST(Config, VaultAndStateAreNeeded)
{
    const auto kind_of = [](std::string_view text) {
        return test::kind_thrown_by([&] { return parse_config(text, "m.toml"); });
    };
    for (std::string_view text :
         {"", "vault = \"v\"\n", "state = \"s\"\n", "vault = \"\"\nstate = \"s\"\n",
          "vault = 1\nstate = \"s\"\n", "vault = \"s3://\"\nstate = \"s\"\n",
          "vault = \"s3:///x\"\nstate = \"s\"\n", "vault = \"ftp://x/y\"\nstate = \"s\"\n",
          "vault = \"v\nstate = \"s\"\n", "\xff"})
        EXPECT_EQ(kind_of(text), ErrorKind::usage) << text;
}

TEST(Config, EveryCutIsAUsageErrorOrAnEarlierConfig)
{
    const std::string text =
        std::string(head) + "[harvest]\nconnections = 5\n[[account]]\naddress = \"a@gmail.com\"\n";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto kind = test::kind_thrown_by(
            [&] { return parse_config(std::string_view(text).substr(0, size), "m.toml"); });
        EXPECT_TRUE(!kind || kind == ErrorKind::usage) << size;
    }
}

TEST(Config, AMissingFileIsNotFoundAndSaysHowToMakeOne)
{
    test::TempDir dir;
    try {
        load_config(dir.path() / "none.toml");
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::not_found);
        EXPECT_THAT(e.hint(), HasSubstr("mailhold init"));
    }
    replace_file(dir.path() / "m.toml", bytes_of(head));
    EXPECT_EQ(load_config(dir.path() / "m.toml").vault, (dir.path() / "v").string());
}

TEST(Config, TheExistingWrongKeyIsToldFirst)
{
    try {
        parsed("zebra = 1\napple = 2\n");
        FAIL();
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr("zebra")) << "in the order of the file";
    }
}

}  // namespace
}  // namespace mailhold::config
