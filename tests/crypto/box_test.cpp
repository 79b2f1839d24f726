// Sealed boxes, and their keys out of signing keys.

#include <gtest/gtest.h>

#include "crypto/known_bytes.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::crypto {
namespace {

std::optional<std::string> opened(const BoxPair& pair, Bytes sealed)
{
    const std::optional<SecretBytes> plain = box_open(pair, sealed);
    if (!plain)
        return std::nullopt;
    return std::string(text_of(plain->view()));
}

TEST(Box, KeysAreX25519)
{
    const BoxPair pair = box_pair_from_secret(SecretBytes(test::counting_bytes(32)));
    EXPECT_EQ(pair.public_key.hex(),
              "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f");
    EXPECT_EQ(test::kind_thrown_by([] { return box_pair_from_secret(SecretBytes(31)); }),
              ErrorKind::malformed);
}

TEST(Box, AKeyComesOutOfASigningKey)
{
    ByteBuffer secret = test::counting_bytes(32);
    append(secret,
           test::hex_bytes("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"));
    const SignPair signer = sign_pair_from_secret(SecretBytes(secret));
    const BoxPair pair = box_pair_of(signer);
    EXPECT_EQ(pair.public_key.hex(),
              "4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01");
    EXPECT_EQ(box_key_of(signer.public_key), pair.public_key);
    EXPECT_EQ(opened(pair, box_seal(box_key_of(signer.public_key), bytes_of("ring"))), "ring");
}

TEST(Box, ASigningKeyThatIsNoPointIsRefused)
{
    SignPublicKey key;
    key.value.fill(std::byte{0xFF});
    EXPECT_EQ(test::kind_thrown_by([&] { return box_key_of(key); }), ErrorKind::malformed);
}

TEST(Box, ThreeWaysToSealOpenAlike)
{
    const BoxPair pair = new_box_pair();
    const Bytes plain = bytes_of("thirty-two bytes of a stream key");
    for (const ByteBuffer& sealed :
         {box_seal(pair.public_key, plain), box_seal_checked(pair.public_key, plain),
          box_seal_kept(pair.public_key, plain).sealed}) {
        EXPECT_EQ(sealed.size(), plain.size() + box_seal_overhead_bytes);
        EXPECT_EQ(opened(pair, sealed), text_of(plain));
        EXPECT_EQ(opened(new_box_pair(), sealed), std::nullopt);
    }
}

TEST(Box, OneFlippedBitOrMissingByteDoesNotOpen)
{
    const BoxPair pair = new_box_pair();
    const KeptBox box = box_seal_kept(pair.public_key, bytes_of("key"));
    for (std::size_t at = 0; at < box.sealed.size(); ++at) {
        ByteBuffer changed = box.sealed;
        changed[at] ^= std::byte{2};
        EXPECT_EQ(opened(pair, changed), std::nullopt) << at;
        EXPECT_FALSE(box_reopen(pair.public_key, box.ephemeral, changed)) << at;
        const Bytes cut = Bytes(box.sealed).first(at);
        EXPECT_EQ(opened(pair, cut), std::nullopt) << at;
        EXPECT_FALSE(box_reopen(pair.public_key, box.ephemeral, cut)) << at;
    }
}

TEST(Box, TheSealerOpensOnlyItsOwn)
{
    const BoxPair pair = new_box_pair();
    const KeptBox box = box_seal_kept(pair.public_key, bytes_of("key"));
    const KeptBox other = box_seal_kept(pair.public_key, bytes_of("key"));
    const auto again = box_reopen(pair.public_key, box.ephemeral, box.sealed);
    ASSERT_TRUE(again);
    EXPECT_EQ(text_of(again->view()), "key");
    EXPECT_FALSE(box_reopen(pair.public_key, other.ephemeral, box.sealed));
    EXPECT_FALSE(box_reopen(new_box_pair().public_key, box.ephemeral, box.sealed));
}

}  // namespace
}  // namespace mailhold::crypto
