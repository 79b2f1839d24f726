// The set of messages that a search has met.

#include <random>
#include <unordered_set>

#include <gtest/gtest.h>

#include "seen_ids.hpp"

namespace mailhold::index {
namespace {

TEST(SeenIds, SaysOfEachWhetherItIsNew)
{
    std::mt19937_64 random(1);
    std::unordered_set<std::uint64_t> model;
    SeenIds ids;
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t id = random() % 12'000;  // zero and neighbours too
        ASSERT_EQ(ids.insert(IdPrefix{id}), model.insert(id).second) << id;
        ASSERT_EQ(ids.size(), model.size());
    }
}

TEST(SeenIds, JoinedItHasTheIdsOfBothOnce)
{
    SeenIds one;
    SeenIds other;
    for (std::uint64_t id = 0; id < 5'000; ++id) {
        if (id % 2 == 0)
            one.insert(IdPrefix{id << 40});
        if (id % 3 == 0)
            other.insert(IdPrefix{id << 40});
    }
    one.insert_all(other);
    EXPECT_EQ(one.size(), 3'333u);  // 2,500 and 1,667 without the 834 of both
    EXPECT_FALSE(one.insert(IdPrefix{0}));
    EXPECT_FALSE(one.insert(IdPrefix{std::uint64_t{3} << 40}));
    EXPECT_TRUE(one.insert(IdPrefix{std::uint64_t{1} << 40}));
    one.insert_all({});
    EXPECT_EQ(one.size(), 3'334u);
}

}  // namespace
}  // namespace mailhold::index
