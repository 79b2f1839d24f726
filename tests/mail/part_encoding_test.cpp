// The names of part encodings, and base64 with its line layout.

#include "part_encoding.hpp"

#include <gtest/gtest.h>

#include "generated_message.hpp"

namespace mailhold::mail {

TEST(PartEncoding, OnlyTheOneSpellingOfEachIsAccepted)
{
    for (const char* text :
         {"8", "b64/76/crlf/0", "b64/0/lf/0", "b64/1/lf/1", "b64/2147483648/crlf/1"}) {
        const auto encoding = PartEncoding::parse(text);
        ASSERT_TRUE(encoding) << text;
        EXPECT_EQ(encoding->text(), text);
    }
    for (const char* text : {"",
                             "7",
                             "88",
                             "8 ",
                             "b64",
                             "b64/",
                             "b64//lf/0",
                             "b64/076/lf/0",
                             "b64/76/cr/0",
                             "b64/76/lf/2",
                             "b64/76/lf/",
                             "b64/76/lf",
                             "b64/-1/lf/0",
                             "b64/+1/lf/0",
                             "b64/76/lf/00",
                             "b64/76/lf/0/",
                             "b64/2147483649/lf/0",
                             "b64/99999999999999999999/lf/0",
                             "B64/76/lf/0",
                             "b64/76/LF/0"})
        EXPECT_FALSE(PartEncoding::parse(text)) << text;
}

TEST(PartEncoding, EveryLayoutDecodesAndComesBack)
{
    for (const std::size_t chars : {0, 1, 3, 4, 60, 73, 76, 998, 131072, 500000}) {
        for (const std::string_view end : {"\r\n", "\n"}) {
            for (const std::size_t size : {1, 2, 3, 57, 58, 300'000}) {
                test::Random random(size);
                const std::string file = test::random_bytes(random, size);
                const std::string raw = test::base64_lines(file, {chars, end});
                const auto part = decode_exactly(raw);
                ASSERT_TRUE(part) << chars << " " << size;
                EXPECT_TRUE(equal(part->stored, bytes_of(file)));
                EXPECT_EQ(part->encoding.raw_bytes(part->stored.size()), raw.size());
            }
        }
    }
}

TEST(PartEncoding, PiecesStayUnderOneMebibyte)
{
    const ByteBuffer stored(2'000'000);
    const PartEncoding encoding{.is_base64 = true, .line_chars = 1, .is_crlf = true};
    std::uint64_t total = 0;
    for_each_raw_piece(encoding, stored, [&](Bytes piece) {
        EXPECT_LT(piece.size(), mebibyte);
        total += piece.size();
        return true;
    });
    EXPECT_EQ(total, encoding.raw_bytes(stored.size()));
}

TEST(PartEncoding, WhatWouldNotComeBackIsNotDecoded)
{
    for (const std::string_view raw :
         {"\nQUJD", "QUJD\n", "QUI=\nQUJD", "QUJDREVG\nQUJD\nQUJD", "QUJD\r\nQUJD\nQUJD", "QUJ",
          "QUJ*", "QUJD====", "QUJ=", "Q UJD", "QUJD\r", "QUJD\rQUJD"}) {
        EXPECT_FALSE(decode_exactly(raw)) << raw;
    }
}

TEST(PartEncoding, ALineOfADifferentLengthIsNoticedWhereverItStands)
{
    test::Random random(9);
    const std::string raw = test::base64_lines(test::random_bytes(random, 3'000), {76, "\r\n"});
    ASSERT_TRUE(decode_exactly(raw));
    for (std::size_t at = 0; at < raw.size(); at += 7) {
        std::string other = raw;
        other.erase(at, 1);
        EXPECT_FALSE(decode_exactly(other)) << at;
        other = raw;
        other.insert(at, "A");
        EXPECT_FALSE(decode_exactly(other)) << at;
    }
}

}  // namespace mailhold::mail
