// Merging shards, and choosing which: one answer before and after, few shards, little rewriting.

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include "shard_fixture.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::index {
namespace {

using test::chunk_bytes;
using test::english;

TEST(Merge, TheMergedShardAnswersAsItsSourcesDid)
{
    const std::vector<ShardSource> sources = {
        test::source_of(test::built(test::generated_entries(0, 300))),
        test::source_of(test::built(test::generated_entries(250, 400))),
        test::source_of(test::built(test::generated_entries(400, 401)))};
    const FinishedShard merged = merge(sources);
    EXPECT_EQ(merged.documents(), 451u);
    const Index before(sources, english);
    const Index after({test::source_of(merged)}, english);
    for (std::size_t rank = 0; rank < 60; ++rank) {
        const Query query = test::word(test::generated_word(rank));
        std::vector<crypto::ContentId> ids = after.ids(query, Sort::date);
        std::vector<crypto::ContentId> expected = before.ids(query, Sort::date);
        std::sort(ids.begin(), ids.end());
        std::sort(expected.begin(), expected.end());
        EXPECT_EQ(ids, expected);
    }
    EXPECT_EQ(after.count(test::everything()), 401u);
    std::map<crypto::ContentId, Hit> expected;
    before.for_each([&](const Hit& hit) { expected[hit.id] = hit; }, true);
    const Found found = after.find(test::everything(), {.limit = 401});
    EXPECT_EQ(found.hits.size(), 401u);
    for (const Hit& hit : found.hits)
        EXPECT_EQ(hit, expected.at(hit.id));
}

TEST(Merge, AMergedShardCanBeMergedAgain)
{
    const auto shard_of = [](std::uint64_t begin, std::uint64_t end) {
        return test::source_of(test::built(test::generated_entries(begin, end)));
    };
    const FinishedShard first = merge({shard_of(0, 50), shard_of(50, 100)});
    const FinishedShard second = merge({test::source_of(first), shard_of(100, 120)});
    EXPECT_EQ(Index({test::source_of(second)}, english).count(test::everything()), 120u);
}

TEST(Merge, OneShardIsCopied)
{
    const FinishedShard shard = test::built(test::generated_entries(0, 40));
    const FinishedShard copy = merge({test::source_of(shard)});
    EXPECT_EQ(copy.documents(), 40u);
    EXPECT_EQ(Index({test::source_of(copy)}, english).count(test::everything()), 40u);
}

TEST(Merge, WhatASourceThrowsIsThrown)
{
    ShardSource broken = test::source_of(test::built(test::generated_entries(0, 600)));
    ASSERT_GT(broken.size_bytes, 2 * chunk_bytes);
    broken.read = [read = broken.read](std::size_t chunk) {
        if (chunk > 0)  // at once: Xapian leaks a database that cannot be read on
            throw Error(ErrorKind::tampered, "a block is not what was sealed");
        return read(chunk);
    };
    const ShardSource sound = test::source_of(test::built(test::generated_entries(0, 10)));
    EXPECT_EQ(test::kind_thrown_by([&] { return merge({sound, broken}); }), ErrorKind::tampered);
}

TEST(Merge, WhatIsNoShardIsDamaged)
{
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { return merge({test::source_of(ByteBuffer(100'000, std::byte{'x'}))}); }),
              ErrorKind::damaged);
}

std::uint64_t sum(const std::vector<std::uint64_t>& numbers)
{
    return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

TEST(NextMerge, FewShardsAreLeftAlone)
{
    EXPECT_TRUE(next_merge({}).empty());
    EXPECT_TRUE(next_merge({500}).empty());
    EXPECT_TRUE(next_merge({500, 100'000, 60'000'000, 120'000'000}).empty());
    EXPECT_TRUE(next_merge({120'000'000, 121'000'000, 122'000'000, 123'000'000}).empty());
}

TEST(NextMerge, TheSmallestTierIsMergedFirst)
{
    std::vector<std::uint64_t> sizes(8, 30'000'000);
    sizes.insert(sizes.end(), 8, 10'000);
    EXPECT_THAT(next_merge(sizes), testing::ElementsAre(8, 9, 10, 11, 12, 13, 14, 15));
}

TEST(NextMerge, AMergedShardStaysUnderTheLimit)
{
    std::mt19937_64 random(3);
    for (int round = 0; round < 2'000; ++round) {
        std::vector<std::uint64_t> sizes(random() % 40);
        for (std::uint64_t& size : sizes)
            size = random() % max_shard_bytes >> random() % 20;
        const std::vector<std::size_t> chosen = next_merge(sizes);
        std::uint64_t bytes = 0;
        for (const std::size_t position : chosen)
            bytes += sizes.at(position);
        EXPECT_LE(bytes, max_shard_bytes);
        EXPECT_NE(chosen.size(), 1u);
    }
}

struct Year {
    std::size_t most_shards = 0;
    std::uint64_t most_rewritten = 0;  ///< in one night
    std::uint64_t rewritten = 0;
    std::vector<std::uint64_t> sizes;
};

/// Every night a shard, then merges until there is nothing worth it.
Year nights(std::size_t count, std::uint64_t least, std::uint64_t most)
{
    std::mt19937_64 random(5);
    Year year;
    for (std::size_t night = 0; night < count; ++night) {
        year.sizes.push_back(least + random() % (most - least));
        std::uint64_t tonight = 0;
        for (auto chosen = next_merge(year.sizes); !chosen.empty();
             chosen = next_merge(year.sizes)) {
            std::uint64_t bytes = 0;
            std::sort(chosen.rbegin(), chosen.rend());
            for (const std::size_t position : chosen) {
                bytes += year.sizes[position];
                year.sizes.erase(year.sizes.begin() + static_cast<std::ptrdiff_t>(position));
            }
            year.sizes.push_back(bytes);
            tonight += bytes;
        }
        year.rewritten += tonight;
        year.most_rewritten = std::max(year.most_rewritten, tonight);
        year.most_shards = std::max(year.most_shards, year.sizes.size());
    }
    return year;
}

TEST(NextMerge, AYearOfSmallNightsStaysFewShardsAndLittleRewriting)
{
    const Year year = nights(365, 50'000, 600'000);
    EXPECT_LE(year.most_shards, 20u);
    EXPECT_LE(year.rewritten, 4 * sum(year.sizes));
    EXPECT_LE(year.most_rewritten, max_shard_bytes);
}

TEST(NextMerge, ManyLargeNightsBecomeFullShards)
{
    const Year year = nights(1'000, 1'000'000, 9'000'000);
    EXPECT_LE(year.most_shards, sum(year.sizes) / (max_shard_bytes / 2) + 20);
    EXPECT_LE(year.rewritten, 4 * sum(year.sizes));
    EXPECT_LE(year.most_rewritten, 2 * max_shard_bytes);
}

TEST(NextMerge, ShardsOfAFirstBackupAreMergedTwoAndTwo)
{
    const Year year = nights(30, 45'000'000, 60'000'000);
    EXPECT_LE(year.sizes.size(), 17u);
    EXPECT_LE(year.rewritten, sum(year.sizes));
}

}  // namespace
}  // namespace mailhold::index
