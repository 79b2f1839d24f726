#include <gtest/gtest.h>

#include "parsed.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

using test::in_words;
using test::parsed;

ListedFolder listed(std::string_view rest)
{
    return test::parsed_as<ListData>("* LIST " + std::string(rest) + "\r\n").folder;
}

TEST(FolderParser, Case28_NamesComeInManySpellings)
{
    const std::vector<std::pair<std::string_view, std::string_view>> cases{
        {R"((\HasNoChildren) "/" INBOX)", "INBOX"},
        {R"(() "/" "a b")", "a b"},
        {R"(() "/" "we\"ird\\ na*me%")", R"(we"ird\ na*me%)"},
        {R"(() "/" "  two  spaces ")", "  two  spaces "},
        {R"(() "/"  one before)", " one before"},
        {"() \"/\" {5}\r\na)\r\nb", "a)\r\nb"},
        {R"(() "." Sent(old))", "Sent(old)"},
        {R"(() "." Sent Items)", "Sent Items"},
        {R"(() "." Sent (OLDNAME (x)))", "Sent"},
        {R"(() "." "Sent" ("OLDNAME" ("x")))", "Sent"},
        {R"(() "." #news.[x]y)", "#news.[x]y"},
        {"() \"/\" \"\xe8\x8d\x89\xe7\xa8\xbf\"", "\xe8\x8d\x89\xe7\xa8\xbf"},
        {R"(() "/" "")", ""},
    };
    for (const auto& [rest, name] : cases)
        EXPECT_EQ(listed(rest).wire_name, name) << rest;
}

TEST(FolderParser, Case27_NamesAreDecodedWhereTheyAreSound)
{
    EXPECT_EQ(listed("() \"/\" \"&g0l6P3ux-\"").name, "草稿箱");
    EXPECT_EQ(listed("() \"/\" \"&g0l6P3ux-\"").wire_name, "&g0l6P3ux-");
    EXPECT_EQ(listed("() \"/\" \"A&-B\"").name, "A&B");
    EXPECT_EQ(listed("() \"/\" \"A&B\"").name, "A&B") << "not canonical: kept raw";
    EXPECT_EQ(listed("() \"/\" \"\xff\"").name, "\xff");
}

TEST(FolderParser, Case29_InboxHasOneNameAndSeparatorsVary)
{
    EXPECT_EQ(listed("() \"/\" inBox").name, "INBOX");
    EXPECT_EQ(listed("() \"/\" inBox").wire_name, "inBox");
    EXPECT_EQ(listed("() \"/\" inBox/x").name, "inBox/x");
    EXPECT_EQ(listed(R"(() "\\" x)").separator, '\\');
    EXPECT_EQ(listed("() \".\" x").separator, '.');
    EXPECT_EQ(listed("() NIL x").separator, std::nullopt);
    EXPECT_EQ(listed("() \"\" x").separator, std::nullopt);
    EXPECT_FALSE(listed("(\\NoSelect \\HasChildren) \"/\" x").selectable());
    EXPECT_FALSE(listed("(\\NonExistent) \"/\" x").selectable());
    EXPECT_TRUE(listed("(\\Sent) \"/\" x").attributes.contains("\\sent"));
}

TEST(FolderParser, Case13_BrokenListLinesAreRefused)
{
    for (std::string_view line :
         {"* LIST", "* LIST (", "* LIST (\\a \"/\" x", "* LIST () ", "* LIST () \"/", "* LIST x",
          "* LIST () \"/\" \"open", "* LIST ((a)) \"/\" x"}) {
        const auto kind = test::kind_thrown_by([&] { parsed(std::string(line) + "\r\n"); });
        EXPECT_EQ(kind, ErrorKind::malformed) << line;
    }
}

TEST(FolderParser, TakesStatus)
{
    EXPECT_EQ(in_words(parsed("* STATUS \"a b\" (MESSAGES 3 UIDNEXT 9 UIDVALIDITY 4294967295 "
                              "HIGHESTMODSEQ 18446744073709551615)\r\n")),
              "status 'a b' 3 9 4294967295 18446744073709551615");
    EXPECT_EQ(in_words(parsed("* STATUS x ( messages 3 UNSEEN 2 MAILBOXID (F1) )\r\n")),
              "status 'x' 3 - - -");
    EXPECT_EQ(in_words(parsed("* STATUS x(y) (HIGHESTMODSEQ 0)\r\n")), "status 'x(y)' - - - -");
    EXPECT_EQ(in_words(parsed("* STATUS {1}\r\nx (MESSAGES 3)\r\n")), "status 'x' 3 - - -");
    for (std::string_view line : {"* STATUS x", "* STATUS x (", "* STATUS x (MESSAGES)",
                                  "* STATUS x (MESSAGES y)", "* STATUS x (MESSAGES 4294967296)"}) {
        const auto kind = test::kind_thrown_by([&] { parsed(std::string(line) + "\r\n"); });
        EXPECT_EQ(kind, ErrorKind::malformed) << line;
    }
}

TEST(FolderParser, TakesNamespaces)
{
    EXPECT_EQ(in_words(parsed("* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n")), "namespace '' /");
    EXPECT_EQ(
        in_words(parsed("* NAMESPACE ((\"INBOX.\" \".\")(\"#mh/\" \"/\" \"X\" (\"a\" \"b\"))) "
                        "((\"~\" \"/\")) NIL\r\n")),
        "namespace 'INBOX.' . '#mh/' /");
    EXPECT_EQ(in_words(parsed("* NAMESPACE NIL NIL NIL\r\n")), "namespace");
    EXPECT_EQ(in_words(parsed("* NAMESPACE ((\"x\" NIL)) NIL NIL\r\n")), "namespace 'x' 0");
}

}  // namespace
}  // namespace mailhold::imap
