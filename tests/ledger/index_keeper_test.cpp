// The index kept by whoever can read: caught up, merged, swept, and what lost or damaged shards do.

#include "mailhold/ledger/index_keeper.hpp"

#include "mailhold/index/index.hpp"
#include "mailhold/vault/shard.hpp"
#include "world.hpp"

namespace mailhold::ledger {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Keeper : public testing::Test {
protected:
    void deliver(std::uint32_t first, std::uint32_t last)
    {
        for (std::uint32_t n = first; n <= last; ++n)
            server.messages[n] = {letter(static_cast<int>(n)), {}};
    }

    IndexSettings settings() const { return *world.indexed().index; }

    std::uint64_t catch_up(Ledger& ledger)
    {
        return IndexKeeper(ledger, world.keys(), settings()).catch_up(Deadline());
    }

    std::uint64_t count(Ledger& ledger, const std::string& word) const
    {
        const index::Index index(shard_sources(ledger, world.keys()).sources, {"en"});
        index::Query query;
        query.kind = index::Query::Kind::word;
        query.text = word;
        return index.count(query);
    }

    /// Nights with two messages each, one shard a night.
    void back_up_nights(Ledger& ledger, std::uint32_t nights)
    {
        for (std::uint32_t night = 0; night < nights; ++night) {
            deliver(2 * night + 1, 2 * night + 2);
            back_up(ledger, server, world.indexed());
        }
    }

    std::filesystem::path file_of(const crypto::Hash& shard) const
    {
        return world.paths().vault / vault::shard_name(shard);
    }

    World world;
    Server server;
};

TEST_F(Keeper, ABackupMakesItsMailSearchable)
{
    deliver(1, 5);
    const auto ledger = world.open();
    back_up(*ledger, server, world.indexed());
    expect_searchable(*ledger, world.keys());
    EXPECT_EQ(count(*ledger, "letter"), 5u);
}

TEST_F(Keeper, MailArchivedWithoutAnIndexIsCaughtUp)
{
    deliver(1, 5);
    server.messages[6] = {letter_with_attachment(6, 1), {}};
    const auto ledger = world.open();
    back_up(*ledger, server, small_commits(20'000));
    EXPECT_EQ(searchable(ledger->catalog()).waiting, 6u);
    EXPECT_TRUE(index_needs_care(ledger->catalog(), settings()));
    EXPECT_EQ(catch_up(*ledger), 6u);
    EXPECT_EQ(catch_up(*ledger), 0u);
    expect_searchable(*ledger, world.keys());
    expect_tidy_store(*ledger);
    EXPECT_EQ(count(*ledger, "letter"), 5u);
}

TEST_F(Keeper, ShardsThatAreFinishedWhileTheNextIsBegunHoldEachMessageOnce)
{
    const auto ledger = world.open();
    for (std::uint32_t night = 0; night < 7; ++night) {
        deliver(3 * night + 1, 3 * night + 3);
        back_up(*ledger, server);
    }
    IndexSettings small = settings();
    small.shard_raw_bytes = 1;
    std::vector<std::uint64_t> told;
    IndexKeeper keeper(*ledger, world.keys(), small);
    EXPECT_EQ(keeper.catch_up(Deadline(), [&](std::uint64_t done) { told.push_back(done); }), 21u);
    EXPECT_THAT(told, testing::ElementsAre(3, 6, 9, 12, 15, 18, 21));
    EXPECT_THAT(ledger->catalog().shards(), SizeIs(7));
    expect_searchable(*ledger, world.keys());
    EXPECT_EQ(count(*ledger, "letter"), 21u);
}

TEST_F(Keeper, AFailureWhileAShardIsFinishedComesOutAndTheRestIsCaughtUpLater)
{
    const auto ledger = world.open();
    for (std::uint32_t night = 0; night < 4; ++night) {
        deliver(night + 1, night + 1);
        back_up(*ledger, server);
    }
    IndexSettings small = settings();
    small.shard_raw_bytes = 1;
    IndexSettings broken = small;
    broken.folder /= "missing";
    IndexKeeper keeper(*ledger, world.keys(), broken);
    EXPECT_EQ(test::kind_thrown_by([&] { keeper.catch_up(Deadline()); }), ErrorKind::storage);
    EXPECT_EQ(searchable(ledger->catalog()).waiting, 4u);
    EXPECT_EQ(IndexKeeper(*ledger, world.keys(), small).catch_up(Deadline()), 4u);
    expect_searchable(*ledger, world.keys());
}

TEST_F(Keeper, ADeadlineThatHasPassedLeavesTheWorkForLater)
{
    deliver(1, 3);
    const auto ledger = world.open();
    back_up(*ledger, server);
    IndexKeeper keeper(*ledger, world.keys(), settings());
    EXPECT_EQ(keeper.catch_up(Deadline(std::chrono::milliseconds(0))), 0u);
    EXPECT_EQ(searchable(ledger->catalog()).waiting, 3u);
}

TEST_F(Keeper, NightlyShardsAreMergedAndNothingIsLostOrTwice)
{
    const auto ledger = world.open();
    back_up_nights(*ledger, 12);
    ASSERT_THAT(ledger->catalog().shards(), SizeIs(12));
    IndexKeeper keeper(*ledger, world.keys(), settings());
    EXPECT_GE(keeper.merge(Deadline()), 2u);
    EXPECT_LT(ledger->catalog().shards().size(), 12u);
    expect_searchable(*ledger, world.keys());
    EXPECT_EQ(count(*ledger, "letter"), 24u);
    EXPECT_EQ(keeper.merge(Deadline()), 0u) << "merging comes to an end";
}

TEST_F(Keeper, ReplacedShardsGoAfterTwoWeeksOnly)
{
    const auto ledger = world.open();
    back_up_nights(*ledger, 12);
    IndexKeeper keeper(*ledger, world.keys(), settings());
    const std::size_t merged = keeper.merge(Deadline());
    EXPECT_EQ(keeper.sweep(), 0u);
    EXPECT_GE(ledger->store().list("index/").size(), 12u);

    ::setenv("MAILHOLD_TEST_NOW", "2099-01-01T00:00:00Z", 1);
    EXPECT_EQ(keeper.sweep(), merged);
    ::unsetenv("MAILHOLD_TEST_NOW");
    EXPECT_EQ(ledger->store().list("index/").size(), ledger->catalog().shards().size());
    expect_searchable(*ledger, world.keys());
    ledger->rebuild_catalog(world.keys(), {});
    expect_searchable(*ledger, world.keys());
}

TEST_F(Keeper, AShardThatIsMissingIsNoticedAndMadeAgain)
{
    deliver(1, 4);
    back_up(*world.open(), server, world.indexed());
    const auto shards = world.open()->catalog().shards();
    ASSERT_THAT(shards, SizeIs(1));
    std::filesystem::remove(file_of(shards[0].object));

    const auto ledger = world.open();
    EXPECT_THAT(ledger->recovery().lost_shards, SizeIs(1));
    EXPECT_THAT(ledger->catalog().shards(), IsEmpty());
    EXPECT_EQ(catch_up(*ledger), 4u);
    expect_searchable(*ledger, world.keys());
}

TEST_F(Keeper, AShardThatIsDamagedIsForgottenAndMadeAgain)
{
    const auto ledger = world.open();
    back_up_nights(*ledger, 12);
    overwrite(file_of(ledger->catalog().shards()[3].object), "!?", 2'000);
    IndexKeeper keeper(*ledger, world.keys(), settings());
    keeper.merge(Deadline());  // whoever meets it first
    EXPECT_LE(keeper.forget_unreadable(), 1u);
    EXPECT_EQ(searchable(ledger->catalog()).waiting, 2u);
    EXPECT_EQ(catch_up(*ledger), 2u);
    keeper.merge(Deadline());
    expect_searchable(*ledger, world.keys());
}

TEST_F(Keeper, AnotherHostsMailIsCaughtUpToo)
{
    deliver(1, 3);
    back_up(*world.open(), server);
    const Paths second = world.other_host("second");
    join_as_writer(second, world.keys(), "second host");
    Ledger ledger(second, Ledger::Mode::write);
    ledger.follow_other_writers(world.keys());
    EXPECT_EQ(catch_up(ledger), 3u);
    expect_searchable(ledger, world.keys());

    const auto first = world.open();
    EXPECT_EQ(searchable(first->catalog()).waiting, 3u);
    first->follow_other_writers(world.keys());
    EXPECT_EQ(searchable(first->catalog()).waiting, 0u);
    expect_searchable(*first, world.keys());
}

TEST_F(Keeper, WithoutMemoryForTheIndexMailIsArchivedAllTheSame)
{
    deliver(1, 3);
    const auto ledger = world.open();
    IntakeOptions options;
    options.index = IndexSettings{.folder = "/nowhere/to-be-found"};
    back_up(*ledger, server, options);
    expect_backed_up(*ledger, world.keys(), server);
    EXPECT_EQ(searchable(ledger->catalog()).waiting, 3u);
    EXPECT_EQ(catch_up(*ledger), 3u);
    expect_searchable(*ledger, world.keys());
}

TEST_F(Keeper, ShardsWithStemsOfOtherLanguagesAreNotMerged)
{
    const auto ledger = world.open();
    back_up_nights(*ledger, 12);
    IndexSettings german = settings();
    german.languages = {"en", "de"};
    EXPECT_EQ(IndexKeeper(*ledger, world.keys(), german).merge(Deadline()), 0u);
    IntakeOptions options = world.indexed();
    options.index = german;
    deliver(25, 26);
    back_up(*ledger, server, options);
    IndexKeeper(*ledger, world.keys(), settings()).merge(Deadline());
    EXPECT_EQ(count(*ledger, "letter"), 26u);
    EXPECT_EQ(IndexKeeper(*ledger, world.keys(), german).catch_up(Deadline()), 24u);
    EXPECT_EQ(count(*ledger, "letter"), 26u);
    EXPECT_FALSE(index_needs_care(ledger->catalog(), german));
}

TEST_F(Keeper, OtherLanguagesAreIndexedAnewWhileTheOldShardsStillServe)
{
    deliver(1, 3);
    const auto ledger = world.open();
    back_up(*ledger, server, world.indexed());
    IndexSettings german = settings();
    german.languages = {"en", "de"};
    EXPECT_EQ(searchable(ledger->catalog()).waiting, 0u);
    EXPECT_TRUE(index_needs_care(ledger->catalog(), german));
    EXPECT_EQ(IndexKeeper(*ledger, world.keys(), german).catch_up(Deadline()), 3u);
    EXPECT_THAT(ledger->catalog().shards(), SizeIs(1));
    EXPECT_FALSE(index_needs_care(ledger->catalog(), german));
    expect_searchable(*ledger, world.keys());
}

}  // namespace
}  // namespace mailhold::ledger
