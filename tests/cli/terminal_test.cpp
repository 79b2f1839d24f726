// Numbers, sizes, times and tables as people see them.

#include "terminal.hpp"

#include <cstdlib>
#include <ctime>
#include <sstream>

#include <gtest/gtest.h>

namespace mailhold::cli {
namespace {

TEST(Terminal, ThousandsAreGrouped)
{
    EXPECT_EQ(with_thousands(0), "0");
    EXPECT_EQ(with_thousands(999), "999");
    EXPECT_EQ(with_thousands(1'000), "1,000");
    EXPECT_EQ(with_thousands(1'234'567), "1,234,567");
    EXPECT_EQ(with_thousands(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
}

TEST(Terminal, BytesAreRoundedToThreeDigits)
{
    EXPECT_EQ(human_bytes(0), "0 B");
    EXPECT_EQ(human_bytes(999), "999 B");
    EXPECT_EQ(human_bytes(1'000), "1.0 kB");
    EXPECT_EQ(human_bytes(3'449'000), "3.4 MB");
    EXPECT_EQ(human_bytes(99'940), "99.9 kB");
    EXPECT_EQ(human_bytes(99'960), "100 kB");
    EXPECT_EQ(human_bytes(999'499), "999 kB");
    EXPECT_EQ(human_bytes(999'600), "1.0 MB");
    EXPECT_EQ(human_bytes(12'000'000'000'000'000), "12000 TB");
}

TEST(Terminal, SecondsBecomeMinutesAndHours)
{
    EXPECT_EQ(human_seconds(0), "0.0 s");
    EXPECT_EQ(human_seconds(12.34), "12.3 s");
    EXPECT_EQ(human_seconds(59.97), "1 min 0 s");
    EXPECT_EQ(human_seconds(250), "4 min 10 s");
    EXPECT_EQ(human_seconds(3'599.9), "59 min 59 s");
    EXPECT_EQ(human_seconds(7'260), "2 h 1 min");
}

TEST(Terminal, CountsAgreeWithTheirNoun)
{
    EXPECT_EQ(counted(0, "message"), "0 messages");
    EXPECT_EQ(counted(1, "message"), "1 message");
    EXPECT_EQ(counted(2'000, "message"), "2,000 messages");
}

TEST(Terminal, TimesAreLocalToTheMinute)
{
    ::setenv("TZ", "UTC-8", 1);  // POSIX: eight hours east
    ::tzset();
    EXPECT_EQ(human_time(Time{0}), "1970-01-01 08:00");
    ::unsetenv("TZ");
    ::tzset();
}

TEST(Terminal, CjkTakesTwoColumns)
{
    EXPECT_EQ(columns_of(""), 0U);
    EXPECT_EQ(columns_of("INBOX"), 5U);
    EXPECT_EQ(columns_of("已发送"), 6U);
    EXPECT_EQ(columns_of("한국어"), 6U);
    EXPECT_EQ(columns_of("ＡＢ"), 4U);
    EXPECT_EQ(columns_of("é…"), 2U);
    EXPECT_EQ(columns_of("報價 A"), 6U);
    EXPECT_EQ(columns_of("📦"), 2U);
}

TEST(Terminal, TextThatIsNoUtf8IsMeasuredWithoutReadingPastItsEnd)
{
    for (const char* broken : {"\xE5", "\xE5\xB7", "a\xF0", "\x80", "\xFF\xFF"})
        EXPECT_GE(columns_of(broken), 1U);
}

TEST(Terminal, CombiningMarksTakeNoColumn)
{
    EXPECT_EQ(columns_of("e\u0301"), 1U);
    EXPECT_EQ(columns_of("a\u200db"), 2U);  // zero width joiner
    EXPECT_EQ(columns_of("が"), 2U);
    EXPECT_EQ(columns_of("か\u3099"), 2U);
}

TEST(Terminal, AFittedTextIsExactlyAsWideAsAsked)
{
    struct Case {
        std::string_view text;
        std::size_t columns;
        std::string_view fitted;
    };
    for (const Case& c : std::initializer_list<Case>{{"abc", 5, "abc  "},
                                                     {"abcde", 5, "abcde"},
                                                     {"abcdef", 5, "abcd…"},
                                                     {"已发送", 6, "已发送"},
                                                     {"已发送", 7, "已发送 "},
                                                     {"已发送", 5, "已发…"},
                                                     {"已发送", 4, "已… "},
                                                     {"已", 1, "…"},
                                                     {"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
                                                     {"abc", 0, ""},
                                                     {"", 2, "  "}}) {
        EXPECT_EQ(fitted(c.text, c.columns), c.fitted);
        EXPECT_EQ(columns_of(fitted(c.text, c.columns)), c.columns) << c.text;
    }
}

std::vector<std::string> lines(const std::string& text)
{
    std::vector<std::string> found;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        found.push_back(line);
    return found;
}

TEST(Terminal, ATableKeepsItsColumnsWhateverTheScript)
{
    using enum Table::Align;
    Table table({{"folder", left}, {"messages", right}, {"use", left}});
    table.add({{"INBOX"}, {with_thousands(12'345)}, {"inbox"}});
    table.add({{"已发送邮件"}, {"7"}, {"sent"}});
    const std::vector<std::string> rows = lines(table.str());
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0], "folder      messages  use");
    EXPECT_EQ(rows[1], "INBOX         12,345  inbox");
    EXPECT_EQ(rows[2], "已发送邮件         7  sent");
    EXPECT_EQ(columns_of(rows[1].substr(0, rows[1].find("inbox"))),
              columns_of(rows[2].substr(0, rows[2].find("sent"))));
}

TEST(Terminal, AnEmptyTableIsItsHeader)
{
    const Table table({{"account", Table::Align::left}});
    EXPECT_EQ(table.str(), "account\n");
}

TEST(Terminal, WithoutATerminalNothingIsColoured)
{
    allow_colors(false);
    EXPECT_EQ(styled("bad", Style::bad), "bad");
}

}  // namespace
}  // namespace mailhold::cli
