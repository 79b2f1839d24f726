// A run killed at each of its changes to the store, one after the other: what was committed stays,
// the next run completes the rest, nothing is there twice, and the catalog is what the journal
// says.

#include "killed.hpp"

namespace mailhold::ledger {
namespace {

constexpr std::uint64_t commit_bytes = 60'000;

Server before()
{
    Server server;
    for (int n = 1; n <= 4; ++n)
        server.messages[static_cast<std::uint32_t>(n)] = {letter(n), {}};
    server.messages[5] = {letter_with_attachment(5, 1), {}};
    return server;
}

/// New mail with new and known attachments, changed flags, vanished mail: several commits.
Server after()
{
    Server server = before();
    server.messages.erase(2);
    server.messages[1].flags = {"\\Seen"};
    for (int n = 6; n <= 8; ++n)
        server.messages[static_cast<std::uint32_t>(n)] = {letter(n), {"\\Flagged"}};
    server.messages[9] = {letter_with_attachment(9, 1), {}};
    server.messages[10] = {letter_with_attachment(10, 2), {}};
    server.messages[11] = {letter_with_attachment(11, 2), {}};
    server.messages[12] = {letter(1), {}};
    return server;
}

class Killed : public KilledWork {
protected:
    Killed()
    {
        back_up(*world.open(), before(), world.indexed());
        keep_as_it_is();
    }

    /// False when the run came to its end before its fatal change.
    bool run_until_death(int fatal_change)
    {
        return dies(fatal_change, [&](Ledger& ledger) {
            back_up(ledger, after(), world.indexed(small_commits(commit_bytes)));
        });
    }

    /// Every placement that was committed before the death can still be read.
    void expect_committed_mail(Ledger& ledger)
    {
        Library library(ledger.store(), world.keys(), ledger.catalog());
        const auto rows = ledger.catalog().placements({ledger.kit().writer, FolderId{1}});
        EXPECT_GE(rows.size(), before().messages.size());
        for (const catalog::PlacementRow& row : rows)
            library.message(row.id);
    }

    void expect_whole(Ledger& ledger)
    {
        expect_backed_up(ledger, world.keys(), after());
        expect_searchable(ledger, world.keys());
        expect_tidy_store(ledger);
        expect_rebuilt_alike(ledger);
    }
};

TEST_P(Killed, AtEveryChangeTheNextRunGoesOn)
{
    int fatal_change = 1;
    for (; run_until_death(fatal_change); ++fatal_change) {
        SCOPED_TRACE(fatal_change);
        auto ledger = world.open();
        expect_committed_mail(*ledger);
        back_up(*ledger, after(), world.indexed(small_commits(commit_bytes)));
        expect_whole(*ledger);
        ledger.reset();
        start_over();
    }
    EXPECT_GT(fatal_change, 15);
    expect_whole(*world.open());
}

TEST_P(Killed, ADeathWhileRecoveringIsRecoveredFromToo)
{
    for (int fatal_change = 1; run_until_death(fatal_change); fatal_change += 2) {
        SCOPED_TRACE(fatal_change);
        for (int again = 1;; ++again) {
            const auto fate = std::make_shared<Fate>(again, GetParam());
            try {
                world.open_mortal(fate);
            } catch (const Error& e) {
                EXPECT_TRUE(fate->dead()) << e.what();
            }
            if (!fate->dead())
                break;
        }
        auto ledger = world.open();
        expect_tidy_store(*ledger);
        back_up(*ledger, after(), world.indexed());
        expect_backed_up(*ledger, world.keys(), after());
        ledger.reset();
        start_over();
    }
}

TEST_P(Killed, TheSameProcessMayTryAgain)
{
    for (int fatal_change = 1; run_until_death(fatal_change); fatal_change += 3) {
        auto ledger = world.open();
        for (int attempt = 0; attempt < 2; ++attempt)
            back_up(*ledger, after(), world.indexed());
        expect_whole(*ledger);
        ledger.reset();
        start_over();
    }
}

INSTANTIATE_TEST_SUITE_P(Moments, Killed, testing::Values(Moment::before, Moment::after),
                         name_of_moment);

}  // namespace
}  // namespace mailhold::ledger
