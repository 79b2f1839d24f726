// Reading lazily: few chunks are opened, and where that is not possible the answers are the same.

#include <set>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "open_shards.hpp"
#include "pread_hook.hpp"
#include "shard_fixture.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::index {
namespace {

using test::chunk_bytes;
using test::english;

const std::vector<Entry>& many_entries()
{
    static const std::vector<Entry> entries = test::generated_entries(0, 3'000, {200, 20'000});
    return entries;
}

const FinishedShard& large_shard()
{
    static const FinishedShard shard = test::built(many_entries());
    return shard;
}

/// As a program whose symbols are hidden from libraries.
class WithoutHook {
public:
    WithoutHook() { pread_hook::pretend_absent(true); }
    ~WithoutHook() { pread_hook::pretend_absent(false); }
    WithoutHook(const WithoutHook&) = delete;
    WithoutHook& operator=(const WithoutHook&) = delete;
};

TEST(LazyReading, IsInEffectInThisProgram)
{
    EXPECT_TRUE(reads_lazily());
}

TEST(LazyReading, ASearchOpensFewChunks)
{
    const Index index({test::source_of(large_shard())}, english);
    EXPECT_EQ(index.counts().read_bytes, 0u);

    EXPECT_FALSE(index.find(test::word(test::generated_word(700)), {}).hits.empty());

    const ReadCounts counts = index.counts();
    EXPECT_EQ(counts.shards, 1u);
    EXPECT_EQ(counts.index_bytes, large_shard().size_bytes());
    EXPECT_GT(counts.read_bytes, 0u);
    EXPECT_LT(counts.read_bytes, counts.index_bytes / 4);
}

TEST(LazyReading, NoChunkIsReadTwice)
{
    ShardSource source = test::source_of(large_shard());
    std::multiset<std::size_t> read;
    source.read = [&read, inner = source.read](std::size_t chunk) {
        read.insert(chunk);
        return inner(chunk);
    };
    const Index index({source}, english);
    for (std::size_t rank = 0; rank < 50; ++rank)
        index.find(test::word(test::generated_word(rank)), {});
    EXPECT_EQ(read.size(), std::set<std::size_t>(read.begin(), read.end()).size());
}

TEST(LazyReading, WithoutTheHookEverythingIsReadAndTheAnswersAreTheSame)
{
    const Query query = test::word(test::generated_word(20));
    const Index lazy({test::source_of(large_shard())}, english);
    const WithoutHook absent;
    EXPECT_FALSE(reads_lazily());
    const Index eager({test::source_of(large_shard())}, english);
    EXPECT_EQ(eager.ids(query, Sort::date), lazy.ids(query, Sort::date));
    EXPECT_EQ(eager.counts().read_bytes, eager.counts().index_bytes);
}

TEST(LazyReading, MergingWithoutTheHookIsTheSameToo)
{
    const std::vector<ShardSource> sources = {
        test::source_of(test::built(test::generated_entries(0, 200))),
        test::source_of(test::built(test::generated_entries(200, 300)))};
    const FinishedShard lazy = merge(sources);
    const WithoutHook absent;
    const FinishedShard eager = merge(sources);
    EXPECT_EQ(eager.documents(), 300u);
    EXPECT_EQ(eager.size_bytes(), lazy.size_bytes());
}

TEST(LazyReading, AFileOfLimitedMemoryGivesTheSameBytes)
{
    const ByteBuffer expected = test::all_bytes(large_shard());
    LazyFile file(test::source_of(large_shard()), 128 * kibibyte);
    const FileDescriptor descriptor(file.open());
    ASSERT_GT(expected.size(), 20 * chunk_bytes);
    for (std::uint64_t offset = 0; offset + 100'000 < expected.size(); offset += 77'777) {
        ByteBuffer piece(60'000);
        ASSERT_EQ(pread(descriptor.get(), piece.data(), piece.size(), static_cast<off_t>(offset)),
                  60'000);
        EXPECT_EQ(piece, copy_of(Bytes(expected).subspan(offset, 60'000)));
    }
    file.detach();
}

TEST(LazyReading, OtherFilesAreReadAsEver)
{
    const FileDescriptor zeros = open_for_reading("/dev/zero");
    std::byte byte{1};
    EXPECT_EQ(pread(zeros.get(), &byte, 1, 0), 1);
    EXPECT_EQ(byte, std::byte{0});
    EXPECT_EQ(pread(-1, &byte, 1, 0), -1);
    EXPECT_EQ(errno, EBADF);
}

TEST(LazyReading, ThreadsSearchEachItsOwnIndex)
{
    const ShardSource source = test::source_of(large_shard());
    std::vector<std::uint64_t> counts(4);
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t& count : counts)
            threads.emplace_back([&source, &count] {
                for (int i = 0; i < 5; ++i)
                    count = Index({source}, english).count(test::word(test::generated_word(5)));
            });
    }
    EXPECT_GT(counts[0], 0u);
    EXPECT_THAT(counts, testing::Each(counts[0]));
}

TEST(LazyReading, HundredsOfShardsAreOneIndex)
{
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit low = before;
    low.rlim_cur = 100;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
    std::vector<ShardSource> sources;
    for (std::uint64_t i = 0; i < 300; ++i)
        sources.push_back(test::source_of(test::built({test::generated_entry(i)}, 1)));
    const Index index(sources, english);
    EXPECT_EQ(index.count(test::everything()), 300u);
    EXPECT_EQ(index.find(test::everything(), {.limit = 300}).hits.size(), 300u);
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace mailhold::index
