// Hex and base64: RFC 4648's vectors, every length, every byte, and what is not canonical.

#include "mailhold/base/encoding.hpp"

#include <gmock/gmock.h>

namespace mailhold {
namespace {

ByteBuffer counting_bytes(std::size_t size)
{
    ByteBuffer bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(i * 7 + size);
    return bytes;
}

TEST(Base64, KnowsTheVectorsOfRfc4648)
{
    const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        EXPECT_EQ(to_base64(bytes_of(plain)), encoded);
        const auto back = from_base64(encoded);
        ASSERT_TRUE(back) << encoded;
        EXPECT_EQ(text_of(*back), plain);
    }
}

TEST(Base64, EveryLengthAndByteComesBack)
{
    for (std::size_t size = 0; size < 600; ++size) {
        const ByteBuffer bytes = counting_bytes(size);
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes) << size;
    }
}

TEST(Base64, WhatNoEncoderWritesIsRefused)
{
    for (std::string_view text : {"Z", "Zg", "Zg=", "=", "====", "Z===", "Zm9v=", "Zm9vZg",
                                  "Zh==", "Zm9=", "Zg==Zg==", "Zm9v\n", "Zm 9v", "Zm9-", "Zm9_",
                                  "Z=9v", "Zm=v", "\xc3\xa4\xc3\xa4", "Zg=A"})
        EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Base64, OneWrongCharacterAnywhereIsRefused)
{
    const std::string good = to_base64(counting_bytes(48));
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const char wrong : {'\0', '\n', '-', '_', '.', '\x80', '\xff'}) {
            std::string bad = good;
            bad[i] = wrong;
            EXPECT_FALSE(from_base64(bad)) << i;
        }
    }
}

TEST(Hex, EveryByteComesBack)
{
    const ByteBuffer bytes = counting_bytes(256);
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(to_hex(bytes_of("\x01\xab\xff")), "01abff");
    EXPECT_EQ(from_hex(""), ByteBuffer{});
}

TEST(Hex, UpperCaseOddLengthAndOtherCharactersAreRefused)
{
    for (std::string_view text : {"0", "AB", "0g", "g0", " 0", "0x", "01a", "-1", "\xff\xff"})
        EXPECT_FALSE(from_hex(text)) << text;
}

}  // namespace
}  // namespace mailhold
