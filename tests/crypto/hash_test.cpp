// BLAKE2b-256 plain and keyed, and the two kinds of content ids.

#include <gtest/gtest.h>

#include "crypto/known_bytes.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::crypto {
namespace {

constexpr std::string_view hash_of_abc =
    "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
constexpr std::string_view keyed_hash_of_abc =
    "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f";

TEST(Hash, IsWhatB2sumPrints)
{
    EXPECT_EQ(hash({}).hex(), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    EXPECT_EQ(hash(bytes_of("abc")).hex(), hash_of_abc);
}

TEST(Hash, IsKeyedByThirtyTwoBytes)
{
    const ByteBuffer key = test::counting_bytes(32);
    EXPECT_EQ(keyed_hash(key, bytes_of("abc")).hex(), keyed_hash_of_abc);
    EXPECT_EQ(to_hex(derive_key(key, bytes_of("abc")).view()), keyed_hash_of_abc);
    for (std::size_t size : {0, 16, 31, 33, 64}) {
        const ByteBuffer wrong = test::counting_bytes(size);
        EXPECT_EQ(test::kind_thrown_by([&] { return keyed_hash(wrong, {}); }), ErrorKind::bug);
        EXPECT_EQ(test::kind_thrown_by([&] { return derive_key(wrong, {}); }), ErrorKind::bug);
        EXPECT_EQ(test::kind_thrown_by([&] { Hasher{wrong}; }), ErrorKind::bug);
    }
}

TEST(Hasher, GivesTheHashOfItsPiecesTogether)
{
    Hasher hasher;
    hasher.add(bytes_of("a"));
    hasher.add({});
    EXPECT_EQ(hasher.so_far(), hash(bytes_of("a")));
    hasher.add(bytes_of("bc"));
    EXPECT_EQ(hasher.so_far().hex(), hash_of_abc);
    EXPECT_EQ(hasher.finish().hex(), hash_of_abc);
}

TEST(Hasher, CanBeKeyedAndMoved)
{
    Hasher first(test::counting_bytes(32));
    first.add(bytes_of("ab"));
    Hasher second = std::move(first);
    second.add(bytes_of("c"));
    EXPECT_EQ(second.finish().hex(), keyed_hash_of_abc);
}

TEST(ContentHasher, KeysMessagesAndPartsApart)
{
    const ContentHasher hasher(test::counting_bytes(32));
    EXPECT_EQ(hasher.content_id(bytes_of("abc")).hex(), keyed_hash_of_abc);
    EXPECT_EQ(hasher.part_id(bytes_of("abc")).hex(),
              "a31dd83e6a8306313ad016f17acbea69406e935b2d61c547dc44bf2fea3f4a09");
}

}  // namespace
}  // namespace mailhold::crypto
