// Fixed-size values from and to text and bytes.

#include <type_traits>

#include <gtest/gtest.h>

#include "crypto/known_bytes.hpp"
#include "mailhold/crypto/types.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::crypto {
namespace {

static_assert(!std::is_convertible_v<ContentId, PartId>);
static_assert(sizeof(Hash) == 32 && sizeof(VaultId) == 16 && sizeof(Signature) == 64);

TEST(FixedBytes, ComeFromExactlyTheirHex)
{
    const std::string text = "000102030405060708090a0b0c0d0e0f";
    const auto id = VaultId::from_hex(text);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->hex(), text);
    EXPECT_TRUE(equal(id->bytes(), test::counting_bytes(16)));
    for (std::string_view wrong :
         {"", "00", "000102030405060708090A0B0C0D0E0F", "000102030405060708090a0b0c0d0e0g",
          "000102030405060708090a0b0c0d0e0f00"})
        EXPECT_FALSE(VaultId::from_hex(wrong)) << wrong;
}

TEST(FixedBytes, ComeFromExactlyTheirBytes)
{
    EXPECT_EQ(VaultId::from_bytes(test::counting_bytes(16)).hex(),
              "000102030405060708090a0b0c0d0e0f");
    for (std::size_t size : {0, 15, 17, 32})
        EXPECT_EQ(
            test::kind_thrown_by([&] { return VaultId::from_bytes(test::counting_bytes(size)); }),
            ErrorKind::malformed)
            << size;
}

TEST(FixedBytes, AreOrderedAsBytes)
{
    VaultId low;
    VaultId high;
    high.value[0] = std::byte{0x80};
    low.value[15] = std::byte{0xFF};
    EXPECT_LT(low, high);
    EXPECT_EQ(low, low);
}

}  // namespace
}  // namespace mailhold::crypto
