// The session that adds mail: what goes over the wire, and what never does.

#include <gmock/gmock.h>

#include "imap/scripted_connection.hpp"
#include "mailhold/imap/uploader.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

using test::kind_thrown_by;
using test::Script;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

AppendItem item(std::string_view raw, Flags flags = {}, std::optional<InternalDate> date = {})
{
    return {.flags = std::move(flags), .date = date, .raw = bytes_of(raw)};
}

/// Commands after the ones every session begins with.
std::vector<std::string> sent_by(const Script& script)
{
    return {script.sent.begin() + 2, script.sent.end()};
}

Uploader uploader(Script& script)
{
    return Uploader(script.client(false));
}

TEST(UploaderTest, Case30_FlagsOutsideTheGrammarAreNeverSent)
{
    for (const char* sound : {"\\Seen", "\\answered", "$Forwarded", "NonJunk", "a.b-c_d"})
        EXPECT_TRUE(is_appendable(sound)) << sound;
    for (const char* bad : {"\\Foo", "\\Recent", "\\*", "\\", "", "a b", "a)b", "a\r\nz1 DELETE x",
                            "na\xc3\xafve", "a{3}", "\"q\"", "a\\b", "x]", "*"})
        EXPECT_FALSE(is_appendable(bad)) << bad;
    EXPECT_FALSE(is_appendable(std::string(1'000, 'a')));
}

TEST(UploaderTest, Case30_AMessageThatLooksLikeCommandsIsAnAppendOnly)
{
    Script script("IMAP4rev1 LITERAL+");
    script.on("APPEND", "+ go on\n").on("b", "").on("DELETE", "");
    script.on("", "").then("", "mh3 OK [APPENDUID 7 12] done\n");
    Uploader target = uploader(script);
    target.append("INBOX",
                  std::vector{item("a: b\r\n\r\nz1 DELETE victim\r\n", {"\\Foo", "\\Seen"})});
    EXPECT_EQ(sent_by(script).front(), "APPEND \"INBOX\" (\\Seen) {26}");
}

TEST(UploaderTest, Case30_TheFirstLiteralOfASessionWaitsWhateverIsAdvertised)
{
    Script script("IMAP4rev1 LITERAL+");
    script.on("APPEND", "+ go on\n").on("b", "$ OK\n");
    script.on("", "mh3 OK [APPENDUID 7 12] done\n");
    Uploader target = uploader(script);
    ASSERT_TRUE(target.append("INBOX", std::vector{item("x: y")}).answer.accepted);
    script.on("", "mh4 OK done\n").on("APPEND", "");
    ASSERT_TRUE(target.append("INBOX", std::vector{item("x: y")}).answer.accepted);
    EXPECT_THAT(sent_by(script),
                ElementsAre("APPEND \"INBOX\" () {4}", "y", "APPEND \"INBOX\" () {4+}", "y"));
}

TEST(UploaderTest, Case30_BadEndsTheSession)
{
    Script script("IMAP4rev1");
    script.on("APPEND", "$ BAD what is that\n").on("CREATE", "$ OK\n");
    Uploader target = uploader(script);
    const Appended appended = target.append("INBOX", std::vector{item("x: y")});
    EXPECT_TRUE(appended.is_bad);
    EXPECT_FALSE(appended.answer.accepted);
    EXPECT_EQ(kind_thrown_by([&] { target.create("More"); }), ErrorKind::unreachable);
    EXPECT_THAT(sent_by(script), ElementsAre(HasSubstr("APPEND"))) << "nothing more";
}

TEST(UploaderTest, Case31_ARefusedLiteralIsNotSentAndTheSessionGoesOn)
{
    Script script("IMAP4rev1");
    script.on("APPEND", "$ NO [TRYCREATE] no such folder\n").on("CREATE", "$ OK\n");
    Uploader target = uploader(script);
    const Appended appended = target.append("Gone", std::vector{item("secret: body")});
    EXPECT_EQ(appended.answer.code, "TRYCREATE");
    EXPECT_TRUE(target.create("Gone").accepted);
    EXPECT_THAT(sent_by(script), ElementsAre("APPEND \"Gone\" () {12}", "CREATE \"Gone\""));
}

TEST(UploaderTest, Case31_AnOkBeforeTheMessageWasSentIsNotBelieved)
{
    Script script("IMAP4rev1");
    script.on("APPEND", "$ OK [APPENDUID 7 12] done\n");
    Uploader target = uploader(script);
    EXPECT_EQ(kind_thrown_by([&] { target.append("INBOX", std::vector{item("x: y")}); }),
              ErrorKind::malformed);
}

TEST(UploaderTest, Case32_AContinuationNobodyAskedForIsAnError)
{
    Script script("IMAP4rev1");
    script.on("CREATE", "+ what now\n$ OK\n");
    Uploader target = uploader(script);
    EXPECT_EQ(kind_thrown_by([&] { target.create("X"); }), ErrorKind::malformed);
}

TEST(UploaderTest, Case33_RecentIsLeftOutWhoeverAsksForIt)
{
    Script script("IMAP4rev1");
    script.on("APPEND", "+ go on\n").on("", "mh3 OK done\n");
    Uploader target = uploader(script);
    target.append("INBOX", std::vector{item("x: y", {"\\Recent", "\\Seen"})});
    EXPECT_EQ(sent_by(script).front(), "APPEND \"INBOX\" (\\Seen) {4}");
}

TEST(UploaderTest, Case36_DatesAreWrittenAsTheInstantOrLeftOut)
{
    EXPECT_EQ(format_internal_date({0, 0}), "01-Jan-1970 00:00:00 +0000");
    EXPECT_EQ(format_internal_date({837'596'665, -420}), "17-Jul-1996 02:44:25 -0700");
    EXPECT_EQ(format_internal_date({-347'155'200, 14 * 60}), "01-Jan-1959 14:00:00 +1400");
    EXPECT_EQ(format_internal_date({0, 20 * 60}), "01-Jan-1970 00:00:00 +0000")
        << "a zone that is none";
    EXPECT_EQ(format_internal_date({std::numeric_limits<std::int64_t>::max(), 0}), std::nullopt);
    EXPECT_EQ(format_internal_date({std::numeric_limits<std::int64_t>::min(), 0}), std::nullopt);
    EXPECT_EQ(format_internal_date({253'402'300'799, 0}), std::nullopt);
}

TEST(UploaderTest, Case12_AnAppendUidThatDoesNotFitIsNotBelieved)
{
    for (const char* code :
         {"[APPENDUID 7]", "[APPENDUID 7 1:5]", "[APPENDUID x 1]", "[APPENDUID 7 *]",
          "[COPYUID 7 1 2]", "[COPYUID 7 1]", "[APPENDUID 7 1:4294967295]"}) {
        Script script("IMAP4rev1");
        script.on("APPEND", "+ \n").on("", std::string("mh3 OK ") + code + " done\n");
        Uploader target = uploader(script);
        const Appended appended = target.append("INBOX", std::vector{item("x: y")});
        EXPECT_TRUE(appended.answer.accepted) << code;
        EXPECT_THAT(appended.uids, IsEmpty()) << code;
    }
}

TEST(UploaderTest, SeveralMessagesGoInOneCommand)
{
    Script script("IMAP4rev1 MULTIAPPEND");
    script.on("APPEND", "+ \n").on("(Label)", "+ \n");
    script.on("", "mh3 OK [APPENDUID 7 12:13] done\n");
    Uploader target = uploader(script);
    EXPECT_TRUE(target.takes_several());
    const Appended appended =
        target.append("A", std::vector{item("one", {"\\Seen"}), item("two", {"Label"}, {{0, 0}})});
    EXPECT_THAT(appended.uids, ElementsAre(Uid{12}, Uid{13}));
    EXPECT_EQ(appended.uid_validity, UidValidity{7});
    EXPECT_THAT(sent_by(script), ElementsAre("APPEND \"A\" (\\Seen) {3}",
                                             "(Label) \"01-Jan-1970 00:00:00 +0000\" {3}", "two"))
        << "the script leaves out the first word of a line";
}

TEST(UploaderTest, Case37_AnEmptyMessageIsOurMistake)
{
    Script script("IMAP4rev1");
    Uploader target = uploader(script);
    EXPECT_EQ(kind_thrown_by([&] { target.append("A", std::vector{item("")}); }), ErrorKind::bug);
}

TEST(UploaderTest, SelectTellsWhatIsKeptForGood)
{
    Script script("IMAP4rev1");
    script.on("SELECT", "* 3 EXISTS\n* OK [PERMANENTFLAGS (\\Seen Later \\*)] kept\n"
                        "* OK [UIDVALIDITY 7]\n* OK [UIDNEXT 100]\n$ OK [READ-WRITE]\n");
    Uploader target = uploader(script);
    const SelectedFolder folder = target.select("INBOX");
    EXPECT_EQ(folder.exists, 3u);
    EXPECT_EQ(folder.uid_validity, UidValidity{7});
    EXPECT_EQ(folder.uid_next, Uid{100});
    ASSERT_TRUE(folder.permanent_flags);
    EXPECT_THAT(*folder.permanent_flags, ElementsAre("\\Seen", "Later", "\\*"));
}

TEST(UploaderTest, ALongListOfKeywordsIsReadToItsEnd)
{
    std::string keywords;
    for (int i = 0; i < 200; ++i)
        keywords += fmt::format("Keyword{} ", i);
    Script script("IMAP4rev1");
    script.on("SELECT", "* 0 EXISTS\n* OK [PERMANENTFLAGS (" + keywords +
                            "\\*)] kept\n"
                            "* OK [UIDVALIDITY 7]\n$ OK\n");
    Uploader target = uploader(script);
    EXPECT_EQ(target.select("INBOX").permanent_flags.value().back(), "\\*");
}

TEST(UploaderTest, AFolderThatWasReadIsOpenedForWritingBeforeAnythingIsAdded)
{
    Script script("IMAP4rev1");
    const std::string opened = "* 3 EXISTS\n* OK [UIDVALIDITY 7] valid\n$ OK\n";
    script.on("EXAMINE", opened).on("SELECT", opened).on("APPEND", "$ NO full\n");
    Uploader target = uploader(script);
    target.reader().examine("Sent");
    target.append("INBOX", std::vector{item("x: y")});
    target.append("Sent", std::vector{item("x: y")});
    target.append("Sent", std::vector{item("x: y")});
    EXPECT_THAT(sent_by(script),
                ElementsAre("EXAMINE \"Sent\"", "APPEND \"INBOX\" () {4}", "SELECT \"Sent\"",
                            "APPEND \"Sent\" () {4}", "APPEND \"Sent\" () {4}"));
}

TEST(UploaderTest, TheTightestQuotaCounts)
{
    Script script("IMAP4rev1 QUOTA");
    script.on("GETQUOTAROOT",
              "* QUOTAROOT INBOX a \"b c\"\n* QUOTA a (STORAGE 10 100)\n"
              "* QUOTA \"b c\" (MESSAGE 3 5 STORAGE 30 40)\n* QUOTA \"\" (MESSAGE 1 2)\n$ OK\n");
    Uploader target = uploader(script);
    const auto quota = target.quota("INBOX");
    ASSERT_TRUE(quota);
    EXPECT_EQ(quota->used_bytes, 30 * kibibyte);
    EXPECT_EQ(quota->limit_bytes, 40 * kibibyte);
}

TEST(UploaderTest, CourierLeavesTheListOutWhereNothingIsLimited)
{
    Script script("IMAP4rev1 QUOTA");
    script.on("GETQUOTAROOT", "* QUOTAROOT \"INBOX\" \"ROOT\"\n* QUOTA \"ROOT\"\n$ OK\n");
    EXPECT_FALSE(uploader(script).quota("INBOX"));
}

TEST(UploaderTest, TheAppendLimitOfTheAccountIsTold)
{
    Script script("IMAP4rev1 APPENDLIMIT=35651584");
    EXPECT_EQ(uploader(script).append_limit_bytes(), 35'651'584u);
    Script none("IMAP4rev1 APPENDLIMIT");
    EXPECT_EQ(uploader(none).append_limit_bytes(), std::nullopt);
}

}  // namespace
}  // namespace mailhold::imap
