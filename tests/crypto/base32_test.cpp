// Base32 as people copy it from a sheet of paper.

#include <gtest/gtest.h>

#include "crypto/known_bytes.hpp"
#include "mailhold/crypto/crypto.hpp"

namespace mailhold::crypto {
namespace {

std::optional<std::string> parsed(std::string_view text)
{
    const std::optional<SecretBytes> bytes = from_base32(text);
    if (!bytes)
        return std::nullopt;
    return std::string(text_of(bytes->view()));
}

TEST(Base32, IsThatOfTheRfc)
{
    // RFC 4648, 10, less its padding.
    const std::pair<std::string, std::string> table[] = {{"", ""},
                                                         {"f", "MY"},
                                                         {"fo", "MZXQ"},
                                                         {"foo", "MZXW6"},
                                                         {"foob", "MZXW6YQ"},
                                                         {"fooba", "MZXW6YTB"},
                                                         {"foobar", "MZXW6YTBOI"}};
    for (const auto& [plain, text] : table) {
        EXPECT_EQ(to_base32(bytes_of(plain)), text);
        EXPECT_EQ(parsed(text), plain);
    }
}

TEST(Base32, ARecoveryKeyIsFiftySixLetters)
{
    const ByteBuffer key = test::counting_bytes(35);
    const std::string text = "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJC";
    EXPECT_EQ(to_base32(key), text);
    EXPECT_EQ(parsed(text), text_of(key));
}

TEST(Base32, ForgivesCaseSpacesHyphensAndLookAlikes)
{
    // BOIO: letters that paper turns into 8, 0 and 1.
    const std::string plain = *parsed("BOIOBOIO");
    for (std::string_view text : {"boioboio", "BOIO BOIO", "boio-boio", "8010-8010", "80I0 b0i0\n",
                                  "\tBOIO\r\nBOIO", "--BOIO----BOIO--"})
        EXPECT_EQ(parsed(text), plain) << text;
}

TEST(Base32, RefusesWhatNoBytesEncodeTo)
{
    // Foreign letters, padding, impossible lengths, left-over bits.
    for (std::string_view text :
         {"MZXW6Y9B", "MZXW6Y!B", "MY======", "M", "MZX", "MZXW6Y", "MZ", "MZXR", "\xC3\xA4Y"})
        EXPECT_EQ(parsed(text), std::nullopt) << text;
}

TEST(Base32, RoundTripsEveryLength)
{
    for (std::size_t size = 0; size < 70; ++size) {
        const ByteBuffer bytes = test::counting_bytes(size, 0xA0);
        EXPECT_EQ(parsed(to_base32(bytes)), text_of(bytes));
    }
}

}  // namespace
}  // namespace mailhold::crypto
