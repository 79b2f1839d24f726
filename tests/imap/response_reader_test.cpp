#include <gtest/gtest.h>

#include "response_reader.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

std::vector<RawResponse> read_in_pieces(std::string_view stream, std::size_t piece_bytes,
                                        const Limits& limits = {})
{
    std::vector<RawResponse> responses;
    ResponseReader reader(limits);
    while (!stream.empty()) {
        std::string_view piece = stream.substr(0, piece_bytes);
        stream.remove_prefix(piece.size());
        while (!piece.empty()) {
            piece.remove_prefix(reader.feed(bytes_of(piece)));
            if (reader.complete())
                responses.push_back(reader.take());
        }
    }
    return responses;
}

TEST(AnnouncedLiteral, IsReadFromTheEndOfTheLine)
{
    struct Case {
        std::string_view line;
        std::optional<std::uint64_t> size;
    };
    for (const auto& [line, size] : std::vector<Case>{
             {"* 1 FETCH (BODY[] {42}", 42},
             {"* 1 FETCH (BODY[] {42+}", 42},
             {"* 1 FETCH (BODY[] ~{42}", 42},
             {"* 1 FETCH (BODY[] {0}", 0},
             {"* LIST () \"/\" {3}", 3},
             {"* LIST () \"/\" \"a{3}\"", {}},
             {"* 1 FETCH (BODY[] {42} ", {}},
             {"{}", {}},
             {"{x}", {}},
             {"{+}", {}},
             {"}", {}},
             {"", {}},
         })
        EXPECT_EQ(announced_literal_bytes(line, 1000), size) << line;
}

TEST(AnnouncedLiteral, Case11_OverTheLimitIsRefused)
{
    for (std::string_view line : {"{1001}", "{4294967296}", "{99999999999999999999}", "{-1}"}) {
        const auto kind = test::kind_thrown_by([&] { announced_literal_bytes(line, 1000); });
        EXPECT_EQ(kind, ErrorKind::malformed) << line;
    }
    try {
        announced_literal_bytes("{1001}", 1000);
    } catch (const Error& e) {
        EXPECT_STREQ(e.what(), "literal of 1001 bytes is over the limit of 1000");
    }
}

TEST(ResponseReader, GivesLinesAndLiteralsWhateverThePieces)
{
    using namespace std::string_literals;
    const std::string bytes = "* OK hello {5}\r\n"
                              "* 1 FETCH (BODY[] {5}\r\na\r\n\0b FLAGS ())\r\n"
                              "* 2 FETCH (BODY[] {0}\r\n X {3}\r\n{1})\r\n"
                              "bare line feed\n"
                              "\r\n"s;
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        const auto responses = read_in_pieces(bytes, piece);
        ASSERT_EQ(responses.size(), 5U) << piece;
        EXPECT_EQ(responses[0].text, "* OK hello {5}");
        EXPECT_TRUE(responses[0].literals.empty());
        EXPECT_EQ(responses[1].literals.size(), 1U);
        EXPECT_EQ(text_of(responses[1].literals[0].bytes), std::string_view("a\r\n\0b", 5));
        EXPECT_EQ(responses[2].text, "* 2 FETCH (BODY[] {0} X {3})");
        ASSERT_EQ(responses[2].literals.size(), 2U);
        EXPECT_TRUE(responses[2].literals[0].bytes.empty());
        EXPECT_EQ(text_of(responses[2].literals[1].bytes), "{1}");
        EXPECT_EQ(responses[3].text, "bare line feed");
        EXPECT_EQ(responses[4].text, "");
    }
}

TEST(ResponseReader, StatusTextsAnnounceNothing)
{
    for (std::string_view line : {"* OK {5}", "* no {5}", "* BAD x {5}", "* BYE {5}",
                                  "* PREAUTH {5}", "a1 OK {5}", "+ {5}"}) {
        const auto responses = read_in_pieces(std::string(line) + "\r\n", 100);
        ASSERT_EQ(responses.size(), 1U) << line;
        EXPECT_EQ(responses[0].text, line);
    }
    EXPECT_EQ(read_in_pieces("* OKAY {1}\r\nx\r\n", 100).size(), 1U);
}

TEST(ResponseReader, LimitsHold)
{
    const Limits limits{.max_literal_bytes = 10, .max_line_bytes = 20, .max_nesting = 4};
    const auto kind = [&](std::string_view stream) {
        return test::kind_thrown_by([&] { read_in_pieces(stream, 7, limits); });
    };
    EXPECT_EQ(kind("* 1 FETCH (X {11}\r\n"), ErrorKind::malformed);
    EXPECT_EQ(kind("* X {6}\r\n123456 {5}\r\n"), ErrorKind::malformed) << "sum of literals";
    EXPECT_EQ(kind(std::string(21, 'x')), ErrorKind::malformed);
    EXPECT_EQ(kind("* X {5}\r\n12345" + std::string(20, 'x')), ErrorKind::malformed)
        << "line in pieces";
    EXPECT_EQ(kind("* X {5}\r\n12345 {5}\r\n12345\r\n"), std::nullopt);
}

// A message is received into the memory that it stays in: never moved, never held twice.
TEST(ResponseReader, Case15_ALargeLiteralStaysInItsFirstBuffer)
{
    constexpr std::size_t size = 40 * mebibyte;
    ResponseReader reader(Limits{});
    reader.feed(bytes_of("* 1 FETCH (BODY[] {" + std::to_string(size) + "}\r\n"));
    const std::byte* first = reader.literal_room().data();
    std::size_t received = 0;
    while (reader.literal_left() > 0) {
        const auto room = reader.literal_room();
        EXPECT_LE(room.size(), mebibyte) << "touches memory only as bytes arrive";
        ASSERT_EQ(room.data(), first + received);
        const std::size_t count = std::min<std::size_t>(room.size(), 300'000);
        std::fill_n(room.begin(), count, std::byte{'x'});
        reader.literal_filled(count);
        received += count;
    }
    reader.feed(bytes_of(")\r\n"));
    ASSERT_TRUE(reader.complete());
    const RawResponse raw = reader.take();
    EXPECT_EQ(raw.literals[0].bytes.size(), size);
    EXPECT_EQ(raw.literals[0].bytes.capacity(), size);
    EXPECT_EQ(raw.literals[0].bytes.data(), first);
    EXPECT_EQ(raw.literals[0].bytes.back(), std::byte{'x'});
}

TEST(ResponseReader, Case16_APartialLiteralIsNotAResponse)
{
    ResponseReader reader(Limits{});
    reader.feed(bytes_of("* 1 FETCH (UID 5 BODY[] {10}\r\n12345"));
    EXPECT_FALSE(reader.complete());
    EXPECT_EQ(reader.literal_left(), 5U);
    EXPECT_EQ(reader.partial_text(), "* 1 FETCH (UID 5 BODY[] {10}");
}

TEST(ResponseReader, MixesDirectAndFedBytes)
{
    ResponseReader reader(Limits{});
    reader.feed(bytes_of("* 1 FETCH (BODY[] {9}\r\n12"));
    const auto room = reader.literal_room();
    std::memcpy(room.data(), "345", 3);
    reader.literal_filled(3);
    EXPECT_EQ(reader.feed(bytes_of("6789)\r\n* next")), 7U);
    ASSERT_TRUE(reader.complete());
    EXPECT_EQ(text_of(reader.take().literals[0].bytes), "123456789");
}

}  // namespace
}  // namespace mailhold::imap
