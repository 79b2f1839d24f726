#include <gtest/gtest.h>

#include "parsed.hpp"

namespace mailhold::imap {
namespace {

std::string fetched(std::string_view items)
{
    return test::in_words(test::parsed("* 7 FETCH " + std::string(items) + "\r\n"));
}

TEST(FetchParser, Case7_ItemsComeInAnyOrder)
{
    EXPECT_EQ(fetched("(UID 5 FLAGS (\\Seen) RFC822.SIZE 10 BODY[] {2}\r\nhi)"),
              "fetch 7 uid 5 flags [\\Seen] size 10 body <hi>");
    EXPECT_EQ(fetched("(BODY[] {2}\r\nhi RFC822.SIZE 10 FLAGS (\\Seen) UID 5)"),
              "fetch 7 uid 5 flags [\\Seen] size 10 body <hi>");
}

TEST(FetchParser, Case9_EmptyBodiesAreBodies)
{
    for (std::string_view body : {"{0}\r\n", "NIL", "nil", "\"\"", "~{0}\r\n", "{0+}\r\n"})
        EXPECT_EQ(fetched("(UID 5 BODY[] " + std::string(body) + ")"), "fetch 7 uid 5 body <>")
            << body;
    EXPECT_EQ(fetched("(UID 5 BODY[] \"NIL\")"), "fetch 7 uid 5 body <NIL>");
}

TEST(FetchParser, Case14_BodiesAreTakenByteForByte)
{
    using namespace std::string_literals;
    for (const std::string& body :
         {"\r\nblank first line"s, "nul \0 and \r bare \n"s, "\xff\xfe {5}\r\n)"s, ")"s}) {
        const auto size = std::to_string(body.size());
        for (const std::string& marker : {"{" + size + "}", "~{" + size + "}", "{" + size + "+}"})
            EXPECT_EQ(fetched("(BODY[] " + marker + "\r\n" + body + " UID 5)"),
                      "fetch 7 uid 5 body <" + body + ">");
    }
}

TEST(FetchParser, IsLenientWithSpaces)
{
    EXPECT_EQ(fetched(" ( UID  5   BODY[]   {2}\r\nhi  FLAGS ( \\Seen  x ) ) "),
              "fetch 7 uid 5 flags [\\Seen x] body <hi>");
    EXPECT_EQ(fetched("(BODY[]{2}\r\nhi UID 5)"), "fetch 7 uid 5 body <hi>");
    EXPECT_EQ(fetched("(BODY[]<0> {2}\r\nhi UID 5)"), "fetch 7 uid 5 body <hi>");
}

TEST(FetchParser, TakesFlagsAsTheyAreSpelled)
{
    EXPECT_EQ(fetched("(FLAGS (\\Seen $Forwarded \\Recent NonJunk \\Seen))"),
              "fetch 7 uid - flags [$Forwarded NonJunk \\Seen]");
    EXPECT_EQ(fetched("(FLAGS ())"), "fetch 7 uid - flags []");
    EXPECT_EQ(fetched("(FLAGS (a\"b [x] \xe6\x98\x9f \"quoted flag\"))"),
              "fetch 7 uid - flags [[x] a\"b quoted flag \xe6\x98\x9f]");
}

TEST(FetchParser, TakesGmailItems)
{
    EXPECT_EQ(
        fetched("(X-GM-MSGID 18446744073709551615 X-GM-LABELS (\"\\\\Inbox\" \\Sent foo "
                "\"a b\" {3}\r\nx)y \"&g0l6P3ux-\") UID 1)"),
        "fetch 7 uid 1 msgid 18446744073709551615 labels [\\Inbox|\\Sent|foo|a b|x)y|草稿箱]");
}

TEST(FetchParser, TakesDatesAndModseq)
{
    EXPECT_EQ(fetched("(INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" MODSEQ (624140003) UID 1)"),
              "fetch 7 uid 1 date 837596665-420 modseq 624140003");
    EXPECT_EQ(fetched("(INTERNALDATE \"31-Feb-2020 00:00:00 +0000\" UID 1)"), "fetch 7 uid 1");
    EXPECT_EQ(fetched("(INTERNALDATE NIL UID 1)"), "fetch 7 uid 1");
    EXPECT_EQ(fetched("(RFC822.SIZE -5 UID 1)"), "fetch 7 uid 1");
    EXPECT_EQ(fetched("(RFC822.SIZE NIL UID 1)"), "fetch 7 uid 1");
}

TEST(FetchParser, SkipsWhatItDoesNotKnow)
{
    EXPECT_EQ(fetched("(ENVELOPE (\"d\" {3}\r\na)b ((NIL NIL \"x\\\"y\" \"z\")) NIL) UID 1)"),
              "fetch 7 uid 1");
    EXPECT_EQ(fetched("(BODY[HEADER.FIELDS (FROM TO)] {2}\r\nhi BODYSTRUCTURE (\"a\" (\"b\" NIL)) "
                      "X 1 UID 1)"),
              "fetch 7 uid 1");
    EXPECT_EQ(fetched("(EMAILID (M1) THREADID NIL UID 1)"), "fetch 7 uid 1");
}

TEST(FetchParser, Case13_AGarbledMessageIsNamedWhereItsUidIsKnown)
{
    EXPECT_EQ(fetched("(UID 5 FLAGS \\Seen)"), "fetch 7 uid 5 broken");
    EXPECT_EQ(fetched("(UID 5 FLAGS (\\Seen"), "fetch 7 uid 5 broken");
    EXPECT_EQ(fetched("(UID 5 BODY[] )"), "fetch 7 uid 5 broken");
    EXPECT_EQ(fetched("(UID 5 BODY[ {2}\r\nhi)"), "fetch 7 uid 5 broken");
    EXPECT_EQ(fetched("(UID 5 ENVELOPE (\"x)"), "fetch 7 uid 5 broken");
    EXPECT_EQ(fetched("(UID 5 BODY[] {2}\r\nhi X (((("), "fetch 7 uid 5 broken");
    EXPECT_EQ(fetched("(UID x)"), "fetch 7 uid - broken");
    EXPECT_EQ(fetched("(UID 4294967296)"), "fetch 7 uid - broken");
    EXPECT_EQ(fetched("UID 5"), "fetch 7 uid - broken");
    EXPECT_EQ(fetched(""), "fetch 7 uid - broken");
}

TEST(FetchParser, NestingIsLimited)
{
    const auto nested = [](std::size_t depth) {
        return fetched("(UID 5 X " + std::string(depth, '(') + "x" + std::string(depth, ')') + ")");
    };
    EXPECT_EQ(nested(64), "fetch 7 uid 5");
    EXPECT_EQ(nested(65), "fetch 7 uid 5 broken");
    EXPECT_EQ(nested(100'000), "fetch 7 uid 5 broken");
}

}  // namespace
}  // namespace mailhold::imap
