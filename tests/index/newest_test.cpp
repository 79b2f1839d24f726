// The newest matches: the same however dates lie in the shards, and most dates are left unread.

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "newest.hpp"
#include "shard_fixture.hpp"

namespace mailhold::index {
namespace {

using test::english;

constexpr std::uint64_t shard_messages = 550;
constexpr std::int64_t day = 86'400;
constexpr std::int64_t first_day = 1'700'000'000;

using DateOf = std::function<std::int64_t(std::uint64_t message)>;

std::vector<Entry> dated_entries(std::uint64_t begin, std::uint64_t end, const DateOf& date_of)
{
    std::vector<Entry> entries = test::generated_entries(begin, end, {.words = 6});
    for (std::uint64_t i = 0; i < entries.size(); ++i)
        entries[i].message.date = InternalDate{date_of(begin + i), 0};
    return entries;
}

/// Of the dates in four shards, the last of which is two merged ones.
struct DateOrder {
    const char* name;
    DateOf date_of;
};

class Newest : public testing::TestWithParam<DateOrder> {};

std::vector<ShardSource> four_shards(const DateOf& date_of)
{
    std::vector<ShardSource> sources;
    for (std::uint64_t begin = 0; begin < 5 * shard_messages; begin += shard_messages)
        sources.push_back(
            test::source_of(test::built(dated_entries(begin, begin + shard_messages, date_of))));
    const FinishedShard merged = merge({sources[3], sources[4]});
    sources.resize(3);
    sources.push_back(test::source_of(merged));
    return sources;
}

TEST_P(Newest, AreThoseOfAllMatchesSorted)
{
    const std::vector<ShardSource> sources = four_shards(GetParam().date_of);
    const Index all_read(sources, english, Repeats::possible);  // reads the date of every match
    const Index index(sources, english, Repeats::none);
    for (const Query& query : {test::everything(), test::word(test::generated_word(1)),
                               test::word(test::generated_word(90))}) {
        for (const std::size_t first : {0, 1, 300, 2'000}) {
            for (const std::size_t limit :
                 {std::size_t{0}, std::size_t{1}, std::size_t{20}, SIZE_MAX}) {
                const FindOptions options{.sort = Sort::date, .first = first, .limit = limit};
                const Found expected = all_read.find(query, options);
                const Found found = index.find(query, options);
                ASSERT_EQ(found.total, expected.total);
                ASSERT_TRUE(found.hits == expected.hits) << first << " and " << limit << " more";
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Dates, Newest,
    testing::Values(
        DateOrder{"Rise", [](std::uint64_t i) { return first_day + static_cast<std::int64_t>(i); }},
        DateOrder{"Fall", [](std::uint64_t i) { return first_day - static_cast<std::int64_t>(i); }},
        DateOrder{"AreOfOneSecond", [](std::uint64_t) { return first_day; }},
        DateOrder{"AreOfFewSeconds",
                  [](std::uint64_t i) { return first_day + static_cast<std::int64_t>(i * i % 7); }},
        DateOrder{"AreAnyhow",
                  [](std::uint64_t i) {
                      return first_day + static_cast<std::int64_t>(i * 2'654'435'761 % 1'000'003);
                  }}),
    [](const auto& info) { return info.param.name; });

TEST(DateFloor, IsTheLastOfTheNewestThatAreWanted)
{
    DateFloor floor(3);
    for (const std::int64_t date : {50, 70}) {
        floor.offer(date);
        EXPECT_FALSE(floor.is_set());
    }
    floor.offer(10);
    EXPECT_EQ(floor.date(), 10);
    floor.offer(5);
    EXPECT_EQ(floor.date(), 10);
    floor.offer(60);
    EXPECT_EQ(floor.date(), 50);
    floor.offer(70);
    EXPECT_EQ(floor.date(), 60);
    floor.offer(70);
    EXPECT_EQ(floor.date(), 70);
    floor.offer(70);
    EXPECT_EQ(floor.date(), 70);
}

/// What looking for the newest of 5,000 messages costs.
std::uint64_t bytes_read(const DateOf& date_of)
{
    const FinishedShard shard = test::built(dated_entries(0, 5'000, date_of), 1);
    const Index index({test::source_of(shard)}, english, Repeats::none);
    EXPECT_EQ(index.find(test::everything(), {.limit = 1}).hits.size(), 1u);
    return index.counts().read_bytes;
}

TEST(NewestFirst, LeavesTheDatesOfOldGroupsUnread)
{
    const auto number = [](std::uint64_t i) { return static_cast<std::int64_t>(i); };
    const std::uint64_t all_read =
        bytes_read([&](std::uint64_t i) { return first_day + number(i) * day; });
    const std::uint64_t few_read =
        bytes_read([&](std::uint64_t i) { return first_day - number(i) * day; });
    EXPECT_LT(few_read + test::chunk_bytes, all_read);
}

}  // namespace
}  // namespace mailhold::index
