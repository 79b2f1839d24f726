#include <gtest/gtest.h>

#include "command.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

using Parts = std::vector<std::string>;

TEST(Command, Case28_NamesAreQuoted)
{
    EXPECT_EQ(Command("EXAMINE").string("INBOX").parts(), Parts{R"(EXAMINE "INBOX")"});
    EXPECT_EQ(Command("EXAMINE").string("").parts(), Parts{R"(EXAMINE "")"});
    EXPECT_EQ(Command("EXAMINE").string(R"(we"ird\ na*me%)").parts(),
              Parts{R"(EXAMINE "we\"ird\\ na*me%")"});
    EXPECT_EQ(Command("EXAMINE").string("x").text(" (CONDSTORE)").parts(),
              Parts{R"(EXAMINE "x" (CONDSTORE))"});
}

TEST(Command, NamesThatQuotesCannotHoldBecomeLiterals)
{
    EXPECT_EQ(Command("EXAMINE").string("a\r\nz1 DELETE b").text(" (X)").parts(),
              (Parts{"EXAMINE {14}", "a\r\nz1 DELETE b (X)"}));
    EXPECT_EQ(Command("EXAMINE").string("\xe8\x8d\x89").parts(),
              (Parts{"EXAMINE {3}", "\xe8\x8d\x89"}));
    const auto kind = test::kind_thrown_by([] { Command("EXAMINE").string({"a\0b", 3}); });
    EXPECT_EQ(kind, ErrorKind::refused);
}

TEST(Command, VerbIsForPeople)
{
    EXPECT_EQ(Command("NOOP").verb(), "NOOP");
    EXPECT_EQ(Command("EXAMINE").string("x").verb(), "EXAMINE");
    EXPECT_EQ(Command("UID FETCH 1:3 (UID)").verb(), "UID FETCH");
}

}  // namespace
}  // namespace mailhold::imap
