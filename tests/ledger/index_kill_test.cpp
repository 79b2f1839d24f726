// Care for the index, killed at each of its changes to the store, one after the other: a message is
// found once or still waits, never lost or found twice, and the next care goes on.

#include "mailhold/ledger/index_keeper.hpp"

#include "killed.hpp"

namespace mailhold::ledger {
namespace {

constexpr std::uint32_t nights = 15;
constexpr std::uint32_t unindexed_nights = 3;  // the last ones

class CareKilled : public KilledWork {
protected:
    CareKilled()
    {
        const auto ledger = world.open();
        for (std::uint32_t night = 1; night <= nights; ++night) {
            server.messages[night] = {letter(static_cast<int>(night)), {}};
            const bool is_indexed = night <= nights - unindexed_nights;
            back_up(*ledger, server, is_indexed ? world.indexed() : IntakeOptions());
        }
        keep_as_it_is();
    }

    /// Everything that `tidy` does to the index, and what it does weeks later.
    void care(Ledger& ledger)
    {
        IndexSettings settings = *world.indexed().index;
        settings.shard_raw_bytes = 1;
        IndexKeeper keeper(ledger, world.keys(), settings);
        keeper.catch_up(Deadline());
        keeper.merge(Deadline());
        ::setenv("MAILHOLD_TEST_NOW", "2099-01-01T00:00:00Z", 1);
        keeper.sweep();
        ::unsetenv("MAILHOLD_TEST_NOW");
    }

    /// False when the care came to its end before its fatal change.
    bool care_until_death(int fatal_change)
    {
        const bool dead = dies(fatal_change, [&](Ledger& ledger) { care(ledger); });
        ::unsetenv("MAILHOLD_TEST_NOW");
        return dead;
    }

    void expect_cared_for(Ledger& ledger)
    {
        expect_searchable(ledger, world.keys());
        const std::size_t shards = ledger.catalog().shards().size();
        EXPECT_LT(shards, nights);
        EXPECT_EQ(ledger.store().list("index/").size(), shards);
        EXPECT_TRUE(ledger.store().list("tmp/").empty());
        expect_rebuilt_alike(ledger);
    }

    Server server;
};

TEST_P(CareKilled, AtEveryChangeTheNextOneGoesOn)
{
    int fatal_change = 1;
    for (; care_until_death(fatal_change); ++fatal_change) {
        SCOPED_TRACE(fatal_change);
        auto ledger = world.open();
        expect_found_once_or_waiting(*ledger, world.keys());
        care(*ledger);
        expect_cared_for(*ledger);
        ledger.reset();
        start_over();
    }
    EXPECT_GT(fatal_change, 20) << "caught up, merged and swept";
    expect_cared_for(*world.open());
}

INSTANTIATE_TEST_SUITE_P(Moments, CareKilled, testing::Values(Moment::before, Moment::after),
                         name_of_moment);

}  // namespace
}  // namespace mailhold::ledger
