// Maildir names, .emlx, and the manifest of an export.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emlx_reader.hpp"
#include "export_manifest.hpp"
#include "found_mail.hpp"
#include "maildir_names.hpp"
#include "mailhold/base/error.hpp"
#include "status_headers.hpp"

namespace mailhold::import_export {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(MaildirNames, LettersBecomeFlags)
{
    const KeywordLetters keywords = parse_dovecot_keywords("0 deal\n1 $Work\n2 two words\n3 \\Odd\n"
                                                           "27 late\nx y\n25 z");
    const std::pair<const char*, Flags> names[] = {
        {"1.M2P3.host,S=4:2,DFPRST",
         {"$Forwarded", "\\Answered", "\\Deleted", "\\Draft", "\\Flagged", "\\Seen"}},
        {"1.host:2,Sab", {"$Work", "\\Seen", "deal"}},
        {"1.host;2,S", {"\\Seen"}},
        {"1.host!2,S", {"\\Seen"}},
        {"1.host:2,cdz", {"z"}},
        {"1.host:1,S", {}},
        {"1.host2,S", {}},
        {"1.host", {}},
        {"2,", {}},
        {"", {}},
    };
    for (const auto& [name, flags] : names)
        EXPECT_EQ(flags_of_maildir_name(name, keywords), flags) << name;
}

TEST(MaildirNames, PlusFoldersAreLevelsInModifiedUtf7)
{
    EXPECT_THAT(maildir_plus_levels(".Sent.2024"), ElementsAre("Sent", "2024"));
    EXPECT_THAT(maildir_plus_levels(".&XfJT0ZAB-.x"), ElementsAre("已发送", "x"));
    EXPECT_THAT(maildir_plus_levels(".&broken.x"), ElementsAre("&broken", "x"));
    EXPECT_THAT(maildir_plus_levels("..a."), ElementsAre("a"));
}

TEST(StatusHeaders, OddValuesGiveNoFlags)
{
    EXPECT_THAT(flags_of_header("X-Mozilla-Status: zz\nX-Keywords: \\Seen a,b \x01\n"),
                ElementsAre("a", "b"));
    EXPECT_THAT(flags_of_header("Subject: Status: R\n Status: R\n"), IsEmpty());
    EXPECT_THAT(flags_of_header("STATUS:RO\r\nstatus: F\r\n"), ElementsAre("\\Seen"));
    EXPECT_THAT(flags_of_header("Status"), IsEmpty());
}

test::FoundMail read_emlx_text(const std::string& text)
{
    test::TextSource source(text);
    BufferedReader reader(source);
    test::FoundMail found;
    read_emlx(reader, {.file = "1.emlx", .folder = {"X", '/'}, .flags = {}, .date = {}}, found);
    return found;
}

const std::string plist = R"(<?xml version="1.0"?><plist><dict>
    <key>date-received</key> <integer>1709222399</integer>
    <key>flags</key>
    <integer>8590195733</integer></dict></plist>)";  // bits 0, 2, 4 and higher ones

TEST(Emlx, GivesTheBytesTheFlagsAndTheDate)
{
    const test::FoundMail found = read_emlx_text("17        \nSubject: a\n\nbody\n" + plist);
    ASSERT_THAT(found.messages, SizeIs(1));
    EXPECT_EQ(found.raw[0], "Subject: a\n\nbody\n");
    EXPECT_THAT(found.messages[0].flags, ElementsAre("\\Answered", "\\Flagged", "\\Seen"));
    EXPECT_EQ(found.messages[0].date, (InternalDate{1'709'222'399, 0}));
}

TEST(Emlx, AFileCutAnywhereInTheMessageIsRefused)
{
    const std::string file = "17\nSubject: a\n\nbody\n" + plist;
    for (std::size_t cut = 0; cut < file.size(); ++cut) {
        const test::FoundMail found = read_emlx_text(file.substr(0, cut));
        const bool is_whole = cut >= 20 || cut == 1;  // "1" alone counts one byte that is missing
        EXPECT_EQ(found.messages.size() == 1, is_whole && cut != 1) << cut;
        EXPECT_EQ(found.messages.size() + found.failures.size(), 1U) << cut;
    }
    for (const char* first : {"x\nabc", "-1\nabc", "99999999999\nabc", "3 4\nabc", ""})
        EXPECT_THAT(read_emlx_text(first).failures, SizeIs(1)) << first;
}

Incoming with_raw(const std::string& raw, std::uint64_t offset = 0)
{
    return {.from = {"f", offset},
            .folder = {"guessed", '/'},
            .flags = {},
            .date = {},
            .raw = copy_of(bytes_of(raw))};
}

TEST(Manifest, SaysWhatAMessageWas)
{
    ExportManifest manifest;
    manifest.add_line(
        R"({"path":"INBOX/x.eml","id":"00","folder":"INBOX.已发送/x","separator":".",)"
        R"("flags":["deal","\\Seen","\\Recent",""],)"
        R"("internaldate":"2024-02-29T23:59:59+08:00","size":3})",
        "top/");
    Incoming message = with_raw("abc");
    EXPECT_FALSE(manifest.describe("INBOX/x.eml", message, "a@b.c"));
    EXPECT_THAT(manifest.missing(), ElementsAre("top/INBOX/x.eml"));
    EXPECT_TRUE(manifest.describe("top/INBOX/x.eml", message, "a@b.c"));
    EXPECT_EQ(message.folder.name, "INBOX.已发送/x");
    EXPECT_EQ(message.folder.separator, '.');
    EXPECT_THAT(message.flags, ElementsAre("\\Seen", "deal"));
    EXPECT_EQ(message.date, (InternalDate{1'709'222'399, 480}));
    EXPECT_THAT(manifest.missing(), IsEmpty());
    Incoming longer = with_raw("abcd");
    EXPECT_THROW(manifest.describe("top/INBOX/x.eml", longer, "a@b.c"), Error);
}

TEST(Manifest, CutsWhatMboxPutBehindAMessage)
{
    ExportManifest manifest;
    manifest.add_line(R"({"path":"a.mbox","folder":{"raw":"/w=="},"flags":[],"internaldate":null,)"
                      R"("size":3,"offset":70})",
                      "");
    EXPECT_TRUE(manifest.has_offsets("a.mbox"));
    Incoming message = with_raw("abc\n", 70);
    EXPECT_TRUE(manifest.describe("a.mbox", message, ""));
    EXPECT_EQ(text_of(message.raw), "abc");
    EXPECT_EQ(message.folder.name, "\xff");
    Incoming shorter = with_raw("ab", 70);
    EXPECT_THROW(manifest.describe("a.mbox", shorter, ""), Error);
    Incoming other = with_raw("abc", 71);
    EXPECT_FALSE(manifest.describe("a.mbox", other, ""));
}

TEST(Manifest, MailOfAnotherAccountGoesBelowItsAddress)
{
    ExportManifest manifest;
    manifest.add_line(R"({"path":"x","folder":"Sent","account":"Bob@b.c","flags":[],)"
                      R"("internaldate":null,"size":0})",
                      "");
    Incoming message = with_raw("");
    ASSERT_TRUE(manifest.describe("x", message, "alice@b.c"));
    EXPECT_EQ(message.folder.name, "Bob@b.c/Sent");
    ASSERT_TRUE(manifest.describe("x", message, "bob@b.c"));
    EXPECT_EQ(message.folder.name, "Sent");
}

TEST(Manifest, BrokenLinesAreMalformed)
{
    ExportManifest manifest;
    for (const char* line :
         {"", "{}", "[]", R"({"path":1})", R"({"path":"x","folder":"y"})",
          R"({"path":"x","folder":"y","flags":[],"internaldate":null,"size":-1})"})
        EXPECT_THROW(manifest.add_line(line, ""), Error) << line;
    EXPECT_TRUE(manifest.empty());
}

}  // namespace

}  // namespace mailhold::import_export
