#include <gtest/gtest.h>

#include "sequence_set.hpp"

namespace mailhold::imap {
namespace {

UidRange range(std::uint32_t first, std::uint32_t last)
{
    return {Uid{first}, Uid{last}};
}

TEST(SequenceSet, RangesAreCompact)
{
    EXPECT_TRUE(ranges_of({}).empty());
    const std::vector<Uid> uids{Uid{1}, Uid{2}, Uid{3}, Uid{4}, Uid{7}, Uid{9}, Uid{10}};
    EXPECT_EQ(ranges_of(uids), (std::vector{range(1, 4), range(7, 7), range(9, 10)}));
    EXPECT_EQ(to_sequence_set(ranges_of(uids)), "1:4,7,9:10");
}

TEST(SequenceSet, AnOpenEndIsWrittenAsAStar)
{
    EXPECT_EQ(to_sequence_set({range(5, 0xffffffff)}), "5:*");
    EXPECT_EQ(to_sequence_set({range(1, 1), range(4294967294, 4294967294)}), "1,4294967294");
}

TEST(SequenceSet, NormalisingSortsAndJoins)
{
    EXPECT_EQ(normalised({range(9, 12), range(1, 3), range(4, 4), range(2, 2), range(8, 7),
                          range(11, 20)}),
              (std::vector{range(1, 4), range(9, 20)}));
    EXPECT_EQ(normalised({range(1, 0xffffffff), range(7, 7)}), (std::vector{range(1, 0xffffffff)}));
}

TEST(SequenceSet, TellsWhatItHolds)
{
    const std::vector ranges{range(2, 4), range(7, 7)};
    for (std::uint32_t uid = 0; uid < 10; ++uid)
        EXPECT_EQ(contains(ranges, Uid{uid}), (uid >= 2 && uid <= 4) || uid == 7) << uid;
    EXPECT_FALSE(contains({}, Uid{1}));
    EXPECT_EQ(span_of(ranges), 4U);
    EXPECT_EQ(span_of(range(0, 0xffffffff)), std::uint64_t{1} << 32);
}

}  // namespace
}  // namespace mailhold::imap
