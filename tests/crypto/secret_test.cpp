// Locked, wiped, move-only key memory.

#include <type_traits>

#include <gtest/gtest.h>

#include "crypto/known_bytes.hpp"
#include "mailhold/crypto/crypto.hpp"

namespace mailhold::crypto {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);

TEST(SecretBytes, BeginAsZeros)
{
    const SecretBytes secret(40);
    EXPECT_EQ(secret.size(), 40U);
    EXPECT_TRUE(equal(secret.view(), ByteBuffer(40)));
    EXPECT_TRUE(SecretBytes().empty());
    EXPECT_TRUE(SecretBytes(0).empty());
    EXPECT_TRUE(SecretBytes(Bytes{}).empty());
}

TEST(SecretBytes, MovedFromAreEmpty)
{
    SecretBytes first(test::counting_bytes(32));
    const std::byte* place = first.view().data();
    SecretBytes second = std::move(first);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the promise
    EXPECT_EQ(first.view().data(), nullptr);
    EXPECT_EQ(second.view().data(), place);  // moved, not copied

    SecretBytes third(8);
    third = std::move(second);
    EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_TRUE(equal(third.view(), test::counting_bytes(32)));
}

TEST(SecretBytes, AreClonedOnlyWhenAsked)
{
    const SecretBytes first(test::counting_bytes(32));
    SecretBytes second = first.clone();
    EXPECT_TRUE(same_secret(first.view(), second.view()));
    second.writable()[31] ^= std::byte{1};
    EXPECT_FALSE(same_secret(first.view(), second.view()));
    EXPECT_FALSE(same_secret(first.view(), first.view().first(31)));
    EXPECT_TRUE(same_secret({}, {}));
}

// A guard page stands right behind the last byte, so that running over it is a crash, not a leak.
TEST(SecretBytesDeathTest, ReadingPastTheEndIsFatal)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const SecretBytes secret(32);
    const volatile std::byte* bytes = secret.view().data();
    EXPECT_DEATH(static_cast<void>(bytes[32]), "");
}

TEST(Random, IsNotTwiceTheSame)
{
    EXPECT_FALSE(same_secret(random_secret(32).view(), random_secret(32).view()));
    EXPECT_NE(random_id<StreamUid>(), random_id<StreamUid>());
    fill_random({});
}

}  // namespace
}  // namespace mailhold::crypto
