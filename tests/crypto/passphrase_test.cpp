// Argon2id with limits that a slot file cannot talk us out of.

#include <gtest/gtest.h>

#include "crypto/known_bytes.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::crypto {
namespace {

constexpr KdfCost cheap{.passes = 2, .memory_bytes = 64 * kibibyte};

TEST(Passphrase, BecomesAKeyByArgon2id)
{
    const ByteBuffer salt = test::counting_bytes(kdf_salt_bytes);
    const SecretBytes key = key_from_passphrase(bytes_of("correct horse"), salt, cheap);
    EXPECT_EQ(to_hex(key.view()),
              "9c87c06898bc18516669b54a8b95d36e622946494d7a55c26f391a0406068c19");
}

TEST(Passphrase, EveryInputChangesTheKey)
{
    const ByteBuffer salt = test::counting_bytes(kdf_salt_bytes);
    const ByteBuffer other_salt = test::counting_bytes(kdf_salt_bytes, 1);
    const SecretBytes key = key_from_passphrase(bytes_of("a"), salt, cheap);
    for (const SecretBytes& other :
         {key_from_passphrase(bytes_of("b"), salt, cheap), key_from_passphrase({}, salt, cheap),
          key_from_passphrase(bytes_of("a"), other_salt, cheap),
          key_from_passphrase(bytes_of("a"), salt, {3, 64 * kibibyte}),
          key_from_passphrase(bytes_of("a"), salt, {2, 128 * kibibyte})})
        EXPECT_FALSE(same_secret(key.view(), other.view()));
}

TEST(Passphrase, AnUnreasonableSlotIsRefusedBeforeAnyWork)
{
    const ByteBuffer salt = test::counting_bytes(kdf_salt_bytes);
    for (const KdfCost cost : {KdfCost{0, 64 * kibibyte}, KdfCost{17, 64 * kibibyte},
                               KdfCost{~std::uint64_t{0}, 64 * kibibyte}, KdfCost{3, 0},
                               KdfCost{3, gibibyte + 1}, KdfCost{3, ~std::uint64_t{0}}})
        EXPECT_EQ(test::kind_thrown_by([&] { return key_from_passphrase({}, salt, cost); }),
                  ErrorKind::malformed)
            << cost.passes << " " << cost.memory_bytes;
}

}  // namespace
}  // namespace mailhold::crypto
