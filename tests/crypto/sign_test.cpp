// Ed25519 over a named context.

#include <gtest/gtest.h>

#include "crypto/known_bytes.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::crypto {
namespace {

constexpr std::string_view root_context{"mailhold-root-v1\0", 17};
constexpr std::string_view known_public =
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

SignPair known_pair()
{
    ByteBuffer secret = test::counting_bytes(32);
    append(secret, test::hex_bytes(known_public));
    return sign_pair_from_secret(SecretBytes(secret));
}

TEST(Sign, IsEd25519OverContextAndMessage)
{
    const SignPair pair = known_pair();
    EXPECT_EQ(pair.public_key.hex(), known_public);
    const Signature signature = sign(pair, root_context, bytes_of("line one"));
    EXPECT_EQ(signature.hex(), "20117530fe65517f2939014d3e900f614398afae30633acbc18342ef6f8c7c83"
                               "e43dcbf731e64e9402360f34558e9e4d9a7be184e7ff912aaf4cd4e935aa7708");
    EXPECT_TRUE(signature_fits(pair.public_key, root_context, bytes_of("line one"), signature));
}

TEST(Sign, FitsNothingElse)
{
    const SignPair pair = new_sign_pair();
    const SignPair other = new_sign_pair();
    const Signature signature = sign(pair, root_context, bytes_of("line"));
    constexpr std::string_view other_context{"mailhold-journal-v1\0", 20};
    EXPECT_TRUE(signature_fits(pair.public_key, root_context, bytes_of("line"), signature));
    EXPECT_FALSE(signature_fits(pair.public_key, root_context, bytes_of("lin"), signature));
    EXPECT_FALSE(signature_fits(pair.public_key, other_context, bytes_of("line"), signature));
    EXPECT_FALSE(signature_fits(other.public_key, root_context, bytes_of("line"), signature));
    for (std::size_t at = 0; at < Signature::size; ++at) {
        Signature changed = signature;
        changed.value[at] ^= std::byte{1};
        EXPECT_FALSE(signature_fits(pair.public_key, root_context, bytes_of("line"), changed))
            << at;
    }
}

TEST(Sign, AContextMustEndWithNul)
{
    const SignPair pair = new_sign_pair();
    EXPECT_EQ(test::kind_thrown_by([&] { return sign(pair, "mailhold-root-v1", {}); }),
              ErrorKind::bug);
    EXPECT_EQ(test::kind_thrown_by([&] { return sign(pair, "", {}); }), ErrorKind::bug);
    EXPECT_EQ(test::kind_thrown_by([&] { return signature_fits(pair.public_key, "a", {}, {}); }),
              ErrorKind::bug);
}

TEST(Sign, AStoredKeyComesBackAndADamagedOneDoesNot)
{
    const SignPair pair = new_sign_pair();
    EXPECT_EQ(sign_pair_from_secret(pair.secret.clone()).public_key, pair.public_key);
    for (std::size_t at = 0; at < pair.secret.size(); ++at) {
        SecretBytes changed = pair.secret.clone();
        changed.writable()[at] ^= std::byte{4};
        EXPECT_EQ(test::kind_thrown_by([&] { return sign_pair_from_secret(std::move(changed)); }),
                  ErrorKind::malformed)
            << at;
    }
    EXPECT_EQ(test::kind_thrown_by([&] { return sign_pair_from_secret(SecretBytes(32)); }),
              ErrorKind::malformed);
}

}  // namespace
}  // namespace mailhold::crypto
