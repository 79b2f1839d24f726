// Edits keep everything they are not about, byte for byte.

#include "mailhold/config/edit.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/config/config.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::config {
namespace {

using test::kind_thrown_by;

constexpr std::string_view sample = R"(# our mail
vault = "v"  # on the NAS
state = "s"

# the boss
[[account]]  # first
address = "boss@gmail.com"  # 老板
exclude = [
  "已删除",  # bin
  "Spam*",
]  # end
role = "flagship"

# the shop
[[account]]
address = "Shop@gmail.com"
connections = 2

[harvest]
connections = 3  # gently
)";

class Edit : public testing::Test {
protected:
    Edit() { write(sample); }

    void write(std::string_view text) { replace_file(file_, bytes_of(text)); }
    std::string text() const { return read_text_file(file_); }

    static std::string without(std::string_view from, std::string_view piece)
    {
        std::string result(from);
        result.erase(result.find(piece), piece.size());
        return result;
    }

    static std::string with(std::string_view in, std::string_view piece, std::string_view instead)
    {
        std::string result(in);
        return result.replace(result.find(piece), piece.size(), instead);
    }

    test::TempDir dir_;
    std::filesystem::path file_ = dir_.path() / "mailhold.toml";
};

const Fields new_account = {
    {"address", "new@qq.com"}, {"port", std::int64_t{993}},
    {"host", std::nullopt},    {"archive_only", true},
    {"user", "a\"b"},          {"exclude", std::vector<std::string>{"x", "y*"}}};

constexpr std::string_view new_block = R"(
[[account]]
address = "new@qq.com"
port = 993
archive_only = true
user = "a\"b"
exclude = ["x", "y*"]
)";

TEST_F(Edit, AddAppendsAndKeepsTheRest)
{
    add_accounts(file_, std::vector<Fields>{new_account});
    EXPECT_EQ(text(), std::string(sample) + std::string(new_block));
    EXPECT_EQ(load_config(file_).find("new@qq.com")->user, "a\"b");
}

TEST_F(Edit, AddMendsAMissingLastLineEnd)
{
    write("vault = \"v\"\nstate = \"s\"");
    add_accounts(file_, std::vector<Fields>{{{"address", "a@qq.com"}}, {{"address", "b@qq.com"}}});
    EXPECT_EQ(text(), "vault = \"v\"\nstate = \"s\"\n\n[[account]]\naddress = \"a@qq.com\"\n"
                      "\n[[account]]\naddress = \"b@qq.com\"\n");
}

TEST_F(Edit, AddIsAllOrNothing)
{
    const std::vector<Fields> batches[] = {
        {{{"address", "ok@qq.com"}}, {{"address", "SHOP@gmail.com"}}},
        {{{"address", "ok@qq.com"}}, {{"address", "no host@example.com"}}},
        {{{"address", "ok@qq.com"}}, {{"address", "x@example.com"}}},
        {{{"address", "ok@qq.com"}, {"colour", "red"}}},
        {{{"address", "ok@qq.com"}, {"port", "993"}}},
        {{{"address", "ok@qq.com"}, {"user", "\xff"}}},
        {{{"host", "localhost"}}}};
    for (const auto& batch : batches) {
        EXPECT_EQ(kind_thrown_by([&] { add_accounts(file_, batch); }), ErrorKind::usage);
        EXPECT_EQ(text(), sample);
    }
}

TEST_F(Edit, SetReplacesTheValueAndKeepsItsComment)
{
    set_account(file_, "BOSS@gmail.com", {{"address", "chef@gmail.com"}});
    EXPECT_EQ(text(), with(sample, "\"boss@gmail.com\"", "\"chef@gmail.com\""));
}

TEST_F(Edit, SetReplacesAListOfSeveralLines)
{
    set_account(file_, "boss@gmail.com", {{"exclude", std::vector<std::string>{"Junk"}}});
    EXPECT_EQ(text(), with(sample, "[\n  \"已删除\",  # bin\n  \"Spam*\",\n]", "[\"Junk\"]"));
}

TEST_F(Edit, SetAddsANewKeyAtTheEndOfItsAccount)
{
    set_account(file_, "boss@gmail.com", {{"port", std::int64_t{1993}}, {"role", "vanguard"}});
    EXPECT_EQ(text(), with(sample, "role = \"flagship\"\n", "role = \"vanguard\"\nport = 1993\n"));
    write(sample);
    set_account(file_, "shop@gmail.com", {{"user", "shop"}});
    EXPECT_EQ(text(), with(sample, "connections = 2\n", "connections = 2\nuser = \"shop\"\n"));
}

TEST_F(Edit, SetTakesKeysOut)
{
    set_account(file_, "boss@gmail.com", {{"exclude", std::nullopt}, {"user", std::nullopt}});
    EXPECT_EQ(text(),
              without(sample, "exclude = [\n  \"已删除\",  # bin\n  \"Spam*\",\n]  # end\n"));
}

TEST_F(Edit, SetFindsValuesBehindWideCharacters)
{
    write("vault = \"v\"\nstate = \"s\"\n[[account]]\n\"address\" = 'a@qq.com'\nrole = \"旗舰\"# "
          "旗舰\nuser='''\n用户'''#x\n");
    set_account(file_, "a@qq.com", {{"role", "先锋队"}});
    set_account(file_, "a@qq.com", {{"role", "x"}});
    set_account(file_, "a@qq.com", {{"user", "u"}});
    EXPECT_EQ(text(), "vault = \"v\"\nstate = \"s\"\n[[account]]\n\"address\" = 'a@qq.com'\nrole = "
                      "\"x\"# 旗舰\nuser=\"u\"#x\n");
}

TEST_F(Edit, WindowsLineEndsStay)
{
    const std::string dos =
        "vault = \"v\"\r\nstate = \"s\"\r\n[[account]]\r\naddress = \"a@qq.com\"\r\n";
    write(dos);
    set_account(file_, "a@qq.com", {{"user", "u"}});
    EXPECT_EQ(text(), dos + "user = \"u\"\r\n");
    add_accounts(file_, std::vector<Fields>{{{"address", "b@qq.com"}}});
    EXPECT_EQ(text(), dos + "user = \"u\"\r\n\r\n[[account]]\r\naddress = \"b@qq.com\"\r\n");
    remove_account(file_, "b@qq.com");
    EXPECT_EQ(text(), dos + "user = \"u\"\r\n");
}

TEST_F(Edit, ARefusedSetChangesNothing)
{
    for (const Field& field :
         {Field{"tls", "none"}, Field{"address", "shop@gmail.com"}, Field{"address", std::nullopt},
          Field{"port", true}, Field{"nonsense", "x"}}) {
        EXPECT_EQ(kind_thrown_by([&] { set_account(file_, "boss@gmail.com", {field}); }),
                  ErrorKind::usage);
        EXPECT_EQ(text(), sample);
    }
    EXPECT_EQ(kind_thrown_by([&] {
                  set_account(file_, "nobody@x.y", {{"role", "x"}});
              }),
              ErrorKind::not_found);
}

TEST_F(Edit, RemoveTakesTheAccountAndOneBlankLine)
{
    remove_account(file_, "shop@GMAIL.com");
    EXPECT_EQ(text(),
              without(sample, "[[account]]\naddress = \"Shop@gmail.com\"\nconnections = 2\n"));
    remove_account(file_, "boss@gmail.com");
    const Config config = load_config(file_);
    EXPECT_TRUE(config.accounts.empty());
    EXPECT_EQ(config.harvest.connections, 3U);
    EXPECT_THAT(text(), testing::HasSubstr("# the boss"));
    EXPECT_EQ(kind_thrown_by([&] { remove_account(file_, "boss@gmail.com"); }),
              ErrorKind::not_found);
}

TEST_F(Edit, RemovingWhatWasAddedGivesTheOldText)
{
    add_accounts(file_, std::vector<Fields>{new_account});
    remove_account(file_, "new@qq.com");
    EXPECT_EQ(text(), sample);
}

TEST_F(Edit, AnInlineListIsNotTouched)
{
    const std::string_view list =
        "vault = \"v\"\nstate = \"s\"\naccount = [{address = \"a@qq.com\"}]\n";
    write(list);
    EXPECT_EQ(load_config(file_).accounts.size(), 1U);
    EXPECT_EQ(kind_thrown_by([&] { remove_account(file_, "a@qq.com"); }), ErrorKind::usage);
    EXPECT_EQ(kind_thrown_by([&] {
                  set_account(file_, "a@qq.com", {{"role", "x"}});
              }),
              ErrorKind::usage);
    EXPECT_EQ(kind_thrown_by([&] { add_accounts(file_, std::vector<Fields>{new_account}); }),
              ErrorKind::usage);
    EXPECT_EQ(text(), list);
}

TEST_F(Edit, ABrokenConfigIsNotEdited)
{
    write("vault = \"v\"\nstate = \"s\"\n[[account]]\naddress = \"a@qq.com\"\nporrt = 3\n");
    EXPECT_EQ(kind_thrown_by([&] { remove_account(file_, "a@qq.com"); }), ErrorKind::usage);
}

TEST_F(Edit, ALinkedConfigStaysLinked)
{
    const auto link = dir_.path() / "link.toml";
    std::filesystem::create_symlink("mailhold.toml", link);
    remove_account(link, "shop@gmail.com");
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_EQ(load_config(file_).accounts.size(), 1U);
}

TEST_F(Edit, AFirstConfigIsValidAndNeverOverwrites)
{
    const auto file = dir_.path() / "new" / "mailhold.toml";
    create_config(file, "/srv/\"vault\"", "state");
    const Config config = load_config(file);
    EXPECT_EQ(config.vault, "/srv/\"vault\"");
    EXPECT_EQ(config.state, dir_.path() / "new" / "state");
    EXPECT_EQ(kind_thrown_by([&] { create_config(file, "/srv/other", "state"); }),
              ErrorKind::usage);
    EXPECT_EQ(load_config(file).vault, "/srv/\"vault\"");
}

}  // namespace
}  // namespace mailhold::config
