// Lists of accounts from spreadsheets.

#include "mailhold/config/account_csv.hpp"

#include <gmock/gmock.h>

#include "csv.hpp"
#include "mailhold/base/error.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::config {
namespace {

using testing::ElementsAre;

std::vector<std::vector<std::string>> cells_of(std::string_view text)
{
    std::vector<std::vector<std::string>> all;
    for (const CsvRow& row : parse_csv(text, ',', "x.csv"))
        all.push_back(row.cells);
    return all;
}

TEST(Csv, FollowsRfc4180)
{
    EXPECT_THAT(cells_of("a,b\r\nc,d\r\n"),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
    EXPECT_THAT(cells_of("a,b\nc,d"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
    EXPECT_THAT(cells_of("\"a,\"\"b\"\"\r\nc\",d\n"),
                ElementsAre(ElementsAre("a,\"b\"\r\nc", "d")));
    EXPECT_THAT(cells_of("\"\",\n"), ElementsAre(ElementsAre("", "")));
    EXPECT_THAT(cells_of("\xef\xbb\xbf"
                         "a\n"),
                ElementsAre(ElementsAre("a")));
    EXPECT_THAT(cells_of("\n\r\na\n\n"), ElementsAre(ElementsAre("a")));
    EXPECT_THAT(cells_of(" a , b"), ElementsAre(ElementsAre(" a ", " b")));
    EXPECT_TRUE(cells_of("").empty());
}

TEST(Csv, BrokenQuotingIsAUsageErrorAtItsLine)
{
    const std::pair<std::string_view, std::string_view> table[] = {
        {"a\n\"b\n\nc", "x.csv:2: a quoted cell does not end"},
        {"a\n\"b\"c\n", "x.csv:2: text after a closing quote"},
        {"a\n\"x\ny\",b\"c\n", "x.csv:3: a quote inside an unquoted cell"}};
    for (const auto& [text, message] : table) {
        try {
            cells_of(text);
            ADD_FAILURE() << text;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::usage);
            EXPECT_EQ(e.what(), message);
        }
    }
}

TEST(AccountCsv, RowsBecomeFields)
{
    const auto rows =
        parse_account_csv("Address, host ,port,tls,user,role,password,archive_only\r\n"
                          "a@b.c,imap.b.c,143,starttls,\"u,1\",tactical,\" p\"\"w,1 \",false\r\n"
                          " d@e.f ,,,,,,,\r\n",
                          "list.csv");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].line, 2U);
    EXPECT_EQ(rows[0].address, "a@b.c");
    EXPECT_EQ(rows[0].password, " p\"w,1 ") << "exactly as it stands";
    ASSERT_EQ(rows[0].fields.size(), 7U);
    EXPECT_EQ(rows[0].fields[0].key, "address");
    EXPECT_EQ(rows[0].fields[2].value, FieldValue(std::int64_t{143}));
    EXPECT_EQ(rows[0].fields[4].value, FieldValue(std::string("u,1")));
    EXPECT_EQ(rows[0].fields[6].value, FieldValue(false));
    EXPECT_EQ(rows[1].address, "d@e.f");
    ASSERT_EQ(rows[1].fields.size(), 1U);
    EXPECT_EQ(rows[1].password, "");
}

TEST(AccountCsv, SemicolonsAndTabsWorkToo)
{
    EXPECT_EQ(parse_account_csv("address;password\na@b.c;x,y\n", "l.csv").at(0).password, "x,y");
    EXPECT_EQ(parse_account_csv("address\tpassword\na@b.c\tx;y\n", "l.csv").at(0).password, "x;y");
    EXPECT_EQ(parse_account_csv("address\na@b.c\n", "l.csv").at(0).address, "a@b.c");
}

TEST(AccountCsv, MistakesAreUsageErrorsAtTheirLineWithoutSecrets)
{
    const std::pair<std::string_view, std::string_view> table[] = {
        {"", "l.csv:1: the file is empty"},
        {"host,port\n", "l.csv:1: there is no column \"address\""},
        {"address,pasword\n", "l.csv:1: unknown column \"pasword\""},
        {"address,address\n", "l.csv:1: column address occurs twice"},
        {"address,password\na@b.c,secret,more\n", "l.csv:2: 3 cells where the header has 2"},
        {"address,password\n,secret\n", "l.csv:2: this row has no address"},
        {"address,port\na@b.c,imap\n", "l.csv:2: port \"imap\" is not a whole number"},
        {"address,port\na@b.c,99999999999999999999\n", "l.csv:2: port"},
        {"address,archive_only\na@b.c,yes\n", "l.csv:2: archive_only"},
        {"address,password\na@b.c,secret\xff\n", "l.csv:2: password is not UTF-8"}};
    for (const auto& [text, message] : table) {
        try {
            parse_account_csv(text, "l.csv");
            ADD_FAILURE() << text;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::usage) << text;
            EXPECT_THAT(e.what(), testing::StartsWith(std::string(message)));
            EXPECT_THAT(e.what(), testing::Not(testing::HasSubstr("secret")));
            EXPECT_FALSE(e.hint().empty());
        }
    }
}

}  // namespace
}  // namespace mailhold::config
