// XChaCha20-Poly1305-IETF: the draft's vector, and that nothing changed opens.

#include <gtest/gtest.h>

#include "crypto/known_bytes.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::crypto {
namespace {

using test::counting_bytes;
using test::hex_bytes;

/// draft-irtf-cfrg-xchacha-03, A.3.1.
struct DraftVector {
    ByteBuffer key = counting_bytes(32, 0x80);
    ByteBuffer nonce = counting_bytes(24, 0x40);
    ByteBuffer associated = hex_bytes("50515253c0c1c2c3c4c5c6c7");
    std::string plain = "Ladies and Gentlemen of the class of '99: If I could offer you only one "
                        "tip for the future, sunscreen would be it.";
    ByteBuffer sealed = hex_bytes(
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f"
        "4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f"
        "76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
};

TEST(Aead, SealsAsTheDraftSays)
{
    const DraftVector v;
    EXPECT_EQ(to_hex(aead_seal(v.key, v.nonce, v.associated, bytes_of(v.plain))), to_hex(v.sealed));
}

TEST(Aead, SealsBehindWhatIsAlreadyThere)
{
    const DraftVector v;
    ByteBuffer out = copy_of(bytes_of("before"));
    aead_seal_append(out, v.key, v.nonce, v.associated, bytes_of(v.plain));
    EXPECT_EQ(text_of(Bytes(out).first(6)), "before");
    EXPECT_TRUE(equal(Bytes(out).subspan(6), v.sealed));
}

TEST(Aead, SealsAndOpensInPlace)
{
    const DraftVector v;
    ByteBuffer buffer = copy_of(bytes_of("clen" + v.plain));
    aead_seal_in_place(buffer, 4, v.key, v.nonce, v.associated);
    EXPECT_TRUE(equal(Bytes(buffer).subspan(4), v.sealed));

    const std::span<std::byte> place = std::span(buffer).subspan(4);
    const std::span<std::byte> out = place.first(v.plain.size());
    ASSERT_TRUE(aead_open_to(out, v.key, v.nonce, v.associated, place));
    EXPECT_EQ(text_of(out), v.plain);
}

TEST(Aead, OpensIntoOrdinaryAndIntoLockedMemory)
{
    const DraftVector v;
    const auto plain = aead_open(v.key, v.nonce, v.associated, v.sealed);
    ASSERT_TRUE(plain);
    EXPECT_EQ(text_of(*plain), v.plain);
    const auto secret = aead_open_secret(v.key, v.nonce, v.associated, v.sealed);
    ASSERT_TRUE(secret);
    EXPECT_EQ(text_of(secret->view()), v.plain);
}

TEST(Aead, OneFlippedBitAnywhereDoesNotOpen)
{
    const DraftVector v;
    const auto opens_with_flip_in = [&](ByteBuffer DraftVector::*field, std::size_t at) {
        DraftVector changed = v;
        (changed.*field)[at] ^= std::byte{0x10};
        return aead_open(changed.key, changed.nonce, changed.associated, changed.sealed)
            .has_value();
    };
    for (const auto field :
         {&DraftVector::key, &DraftVector::nonce, &DraftVector::associated, &DraftVector::sealed})
        for (std::size_t at = 0; at < (v.*field).size(); ++at)
            EXPECT_FALSE(opens_with_flip_in(field, at)) << at;
}

TEST(Aead, NoTruncationOpens)
{
    const DraftVector v;
    for (std::size_t size = 0; size < v.sealed.size(); ++size) {
        const Bytes cut = Bytes(v.sealed).first(size);
        EXPECT_FALSE(aead_open(v.key, v.nonce, v.associated, cut)) << size;
        EXPECT_FALSE(aead_open_secret(v.key, v.nonce, v.associated, cut)) << size;
    }
}

TEST(Aead, AnEmptyPlaintextIsATag)
{
    const DraftVector v;
    const ByteBuffer sealed = aead_seal(v.key, v.nonce, v.associated, {});
    EXPECT_EQ(sealed.size(), aead_tag_bytes);
    const auto opened = aead_open(v.key, v.nonce, v.associated, sealed);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->empty());
}

TEST(Aead, KeysNoncesAndRoomOfAWrongLengthAreOurBug)
{
    const DraftVector v;
    ByteBuffer room(3);
    EXPECT_EQ(
        test::kind_thrown_by([&] { return aead_seal(Bytes(v.key).first(31), v.nonce, {}, {}); }),
        ErrorKind::bug);
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { return aead_open(v.key, Bytes(v.nonce).first(12), {}, v.sealed); }),
              ErrorKind::bug);
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { return aead_open_to(room, v.key, v.nonce, v.associated, v.sealed); }),
              ErrorKind::bug);
}

}  // namespace
}  // namespace mailhold::crypto
