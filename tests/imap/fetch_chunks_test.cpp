#include <gtest/gtest.h>

#include "fetch_chunks.hpp"
#include "sequence_set.hpp"

namespace mailhold::imap {
namespace {

UidRange range(std::uint32_t first, std::uint32_t last)
{
    return {Uid{first}, Uid{last}};
}

std::vector<UidRange> joined(const std::vector<std::vector<UidRange>>& chunks)
{
    std::vector<UidRange> all;
    for (const auto& chunk : chunks)
        all.insert(all.end(), chunk.begin(), chunk.end());
    return normalised(all);
}

TEST(FetchChunks, CutLongRanges)
{
    EXPECT_TRUE(chunks_of({}, 10).empty());
    const auto chunks = chunks_of({range(1, 4), range(7, 22)}, 10);
    ASSERT_EQ(chunks.size(), 2U);
    EXPECT_EQ(chunks[0], (std::vector{range(1, 4), range(7, 12)}));
    EXPECT_EQ(chunks[1], (std::vector{range(13, 22)}));
}

TEST(FetchChunks, AnOpenEndStaysWhole)
{
    const auto chunks = chunks_of({range(1, 4), range(7, 0xffffffff)}, 10);
    ASSERT_EQ(chunks.size(), 1U);
    EXPECT_EQ(chunks[0], (std::vector{range(1, 4), range(7, 0xffffffff)}));
}

TEST(FetchChunks, CommandLinesAreBounded)
{
    std::vector<UidRange> ranges;
    for (std::uint32_t uid = 4'000'000'000; ranges.size() < 5000; uid += 4)
        ranges.push_back(range(uid, uid + 1));
    const auto chunks = chunks_of(ranges, std::uint64_t{1} << 32);
    EXPECT_EQ(joined(chunks), ranges);
    for (const auto& chunk : chunks)
        EXPECT_LT(to_sequence_set(chunk).size(), 7500U);
}

TEST(FetchChunks, LoseNothingWhateverTheSpan)
{
    const std::vector ranges{range(1, 1), range(3, 9), range(11, 11), range(20, 57)};
    for (std::uint64_t span = 1; span < 60; ++span) {
        const auto chunks = chunks_of(ranges, span);
        EXPECT_EQ(joined(chunks), ranges) << span;
        for (const auto& chunk : chunks) {
            EXPECT_LE(span_of(chunk), span);
            EXPECT_FALSE(chunk.empty());
        }
    }
}

}  // namespace
}  // namespace mailhold::imap
