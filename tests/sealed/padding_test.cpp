// Sizes: how small blocks hide theirs, and which ones a stream may have.

#include <gtest/gtest.h>

#include "block.hpp"
#include "sealed/sample_stream.hpp"

namespace mailhold::sealed {
namespace {

TEST(Padding, IsPadmeBelowOneMebibyteOfArchivesAndJournals)
{
    const std::pair<std::size_t, std::size_t> table[] = {{1, 1},
                                                         {2, 2},
                                                         {8, 8},
                                                         {9, 10},
                                                         {17, 18},
                                                         {100, 104},
                                                         {1000, 1024},
                                                         {5000, 5120},
                                                         {65'537, 67'584},
                                                         {1'000'000, 1'015'808},
                                                         {1'048'575, 1'048'576},
                                                         {1'048'576, 1'048'576},
                                                         {1'048'577, 1'048'577}};
    for (const auto& [bytes, padded] : table) {
        EXPECT_EQ(padded_bytes(Kind::archive, bytes), padded) << bytes;
        EXPECT_EQ(padded_bytes(Kind::journal, bytes), padded) << bytes;
        EXPECT_EQ(padded_bytes(Kind::shard, bytes), bytes);
    }
}

TEST(Padding, CostsAtMostAnEighth)
{
    for (std::size_t bytes = 1; bytes < 2'000'000; bytes += 37) {
        const std::size_t padded = padded_bytes(Kind::archive, bytes);
        EXPECT_GE(padded, bytes);
        EXPECT_LE(padded, bytes + bytes / 8);
    }
}

TEST(Padding, HidesSmallDifferencesInAStream)
{
    const SampleKeys keys;
    for (const Kind kind : {Kind::archive, Kind::journal}) {
        const SampleStream first = sealed_stream(keys, header_of(kind), {noise(1000)});
        const SampleStream second = sealed_stream(keys, header_of(kind), {noise(990)});
        EXPECT_EQ(first.file.size(), second.file.size());
    }
}

TEST(Limits, ABlockThatCannotBeCompressedStillFits)
{
    const SampleKeys keys;
    for (const Kind kind : {Kind::archive, Kind::shard, Kind::journal}) {
        const std::uint32_t most = max_plain_bytes(kind);
        const ByteBuffer plain = noise(most);
        const SampleStream stream = sealed_stream(keys, header_of(kind), {plain});
        EXPECT_GT(stream.finished.blocks.front().sealed_bytes, most);
        EXPECT_TRUE(is_allowed(kind, stream.finished.blocks.front()));
        StreamReader reader(keys.opening(), stream.source(), stream.file.size());
        EXPECT_TRUE(reader.read_block(0) == plain);
    }
}

TEST(Limits, PaddingNeverMakesABlockTooLong)
{
    const SampleKeys keys;
    for (std::size_t size = 1; size < 1'100'000; size += size / 3 + 1) {
        const SampleStream stream =
            sealed_stream(keys, header_of(Kind::archive), {noise(size), noise(size)});
        EXPECT_TRUE(is_allowed(Kind::archive, stream.finished.blocks.front())) << size;
    }
}

TEST(Limits, OfBlocks)
{
    EXPECT_FALSE(is_allowed(Kind::archive, {100, 0}));
    EXPECT_FALSE(is_allowed(Kind::archive, {20, 100}));
    EXPECT_TRUE(is_allowed(Kind::archive, {40, 8 * mebibyte}));
    EXPECT_FALSE(is_allowed(Kind::archive, {40, 8 * mebibyte + 1}));
    EXPECT_FALSE(is_allowed(Kind::archive, {10'000'000, 8 * mebibyte}));
    EXPECT_FALSE(is_allowed(Kind::archive, {5000, 1000}));
    EXPECT_TRUE(is_allowed(Kind::shard, {5000, 65'536}));
    EXPECT_FALSE(is_allowed(Kind::shard, {5000, 65'537}));
    EXPECT_FALSE(is_allowed(Kind::journal, {5000, mebibyte + 1}));
}

TEST(Limits, OnlyTheLastBlockOfAShardIsShorter)
{
    const Block whole{5000, 16'384};
    const Block shorter{5000, 16'383};
    EXPECT_TRUE(may_follow(Kind::shard, whole, whole, whole));
    EXPECT_TRUE(may_follow(Kind::shard, whole, whole, shorter));
    EXPECT_FALSE(may_follow(Kind::shard, whole, shorter, shorter));
    EXPECT_FALSE(may_follow(Kind::shard, shorter, shorter, whole));
    EXPECT_TRUE(may_follow(Kind::archive, shorter, shorter, whole));
}

}  // namespace
}  // namespace mailhold::sealed
