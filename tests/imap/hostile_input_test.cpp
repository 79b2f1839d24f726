// Whatever a server sends: the same outcome in any pieces, and never more than an Error.

#include <gtest/gtest.h>

#include "parsed.hpp"

namespace mailhold::imap {
namespace {

constexpr std::string_view sample_stream =
    "* OK [CAPABILITY IMAP4rev1] ready {3}\r\n"
    "* CAPABILITY IMAP4rev1 UIDPLUS\r\n"
    "* LIST (\\HasNoChildren \\Sent) \"/\" \"&g0l6P3ux-\"\r\n"
    "* LIST () NIL {3}\r\na\"b\r\n"
    "* STATUS \"a b\" (MESSAGES 3 UIDNEXT 9)\r\n"
    "* NAMESPACE ((\"\" \"/\")(\"#x.\" \".\" \"E\" (\"y\"))) NIL NIL\r\n"
    "* VANISHED (EARLIER) 1:3,7\r\n"
    "* 3 EXISTS\r\n* 2 EXPUNGE\n"
    "* 1 FETCH (FLAGS (\\Seen x) INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" BODY[] ~{6}\r\n"
    "a\r\n{1} UID 5 MODSEQ (12) X-GM-LABELS (\"\\\\Inbox\" {2}\r\na) foo) ENVELOPE ((NIL)))\r\n"
    "* 2 FETCH (UID 6 BODY[] {0}\r\n RFC822.SIZE 0)\r\n"
    "+ go\r\n"
    "mh1 OK [READ-ONLY] done\r\n";

constexpr Limits limits{.max_literal_bytes = 1000, .max_line_bytes = 1000, .max_nesting = 8};

/// Outcome in words; an Error becomes its text.
std::string outcome(std::string_view stream, std::size_t piece_bytes)
{
    std::string words;
    ResponseReader reader(limits);
    try {
        while (!stream.empty()) {
            const auto piece = stream.substr(0, piece_bytes);
            stream.remove_prefix(reader.feed(bytes_of(piece)));
            if (reader.complete()) {
                RawResponse raw = reader.take();
                words += test::in_words(parse_response(raw, limits)) + '\n';
            }
        }
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::malformed);
        words += e.what();
    }
    return words;
}

TEST(HostileInput, ThePiecesDoNotMatter)
{
    const std::string whole = outcome(sample_stream, sample_stream.size());
    EXPECT_NE(whole.find("mh1 status 0 code 'READ-ONLY'"), whole.npos) << whole;
    EXPECT_EQ(whole.find("broken"), whole.npos) << whole;
    for (std::size_t piece = 1; piece < sample_stream.size(); ++piece)
        EXPECT_EQ(outcome(sample_stream, piece), whole) << piece;
}

TEST(HostileInput, AnyTruncationIsHarmless)
{
    for (std::size_t size = 0; size < sample_stream.size(); ++size)
        outcome(sample_stream.substr(0, size), 1000);
}

TEST(HostileInput, AnyChangedByteIsHarmless)
{
    using namespace std::string_view_literals;
    for (std::size_t at = 0; at < sample_stream.size(); ++at)
        for (const char c : "\0\r\n ()[]{}\"\\*~+<09-\xff"sv) {
            std::string changed(sample_stream);
            changed[at] = c;
            ASSERT_EQ(outcome(changed, 1000), outcome(changed, 3)) << at << ' ' << c;
        }
}

TEST(HostileInput, AnyRemovedOrDoubledPieceIsHarmless)
{
    for (std::size_t at = 0; at < sample_stream.size(); at += 3)
        for (const std::size_t length : {1, 2, 5, 11, 40}) {
            std::string without(sample_stream);
            without.erase(at, length);
            outcome(without, 1000);
            std::string doubled(sample_stream);
            doubled.insert(at, sample_stream.substr(at, length));
            outcome(doubled, 1000);
        }
}

TEST(HostileInput, AWholeStreamIsParsedAtOnce)
{
    EXPECT_EQ(parse_stream(bytes_of(sample_stream), limits).size(), 13U);
    EXPECT_TRUE(parse_stream(bytes_of("* OK incomplete"), limits).empty());
}

}  // namespace
}  // namespace mailhold::imap
