// What opening finds and mends: lost archives, rollbacks, forks, a lost or broken catalog.

#include <fstream>

#include "mailhold/vault/owner.hpp"
#include "world.hpp"

namespace mailhold::ledger {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace fs = std::filesystem;

class Recovering : public testing::Test {
protected:
    Recovering()
    {
        for (int n = 1; n <= 3; ++n)
            server.messages[static_cast<std::uint32_t>(n)] = {letter(n), {"\\Seen"}};
        server.messages[4] = {letter_with_attachment(4, 1), {}};
        back_up(*world.open(), server);
    }

    fs::path in_vault(const std::string& name) const { return world.paths().vault / name; }
    fs::path in_mirror(const std::string& name) const
    {
        return world.paths().state / "mirror" / name;
    }

    std::string last_of(const std::string& folder)
    {
        return world.open(Ledger::Mode::read)->store().list(folder).back().name;
    }

    std::optional<ErrorKind> kind_of_opening()
    {
        return test::kind_thrown_by([&] { return world.open()->is_writer(); });
    }

    /// A copy of this host's state, taken for another host.
    Paths clone()
    {
        world.save("clone", world.paths().state);
        return world.other_host("clone");
    }

    World world;
    Server server;
};

TEST_F(Recovering, AnUntouchedVaultNeedsNothing)
{
    const auto ledger = world.open();
    const Recovery& recovery = ledger->recovery();
    EXPECT_FALSE(recovery.outbox_settled);
    EXPECT_THAT(recovery.removed_orphans, IsEmpty());
    EXPECT_THAT(recovery.healed, IsEmpty());
    EXPECT_THAT(recovery.lost_archives, IsEmpty());
    EXPECT_THAT(recovery.rollbacks, IsEmpty());
    EXPECT_FALSE(ledger->needs_rebuild());
}

TEST_F(Recovering, OneWriterAtATimeAndManyReaders)
{
    const auto ledger = world.open();
    EXPECT_EQ(kind_of_opening(), ErrorKind::locked);
    EXPECT_EQ(world.open(Ledger::Mode::read)->catalog().totals().messages, 4u);
}

TEST_F(Recovering, MailOfALostArchiveIsFetchedAgain)
{
    const std::string kept = last_of("archives/");
    for (int n = 5; n <= 6; ++n)
        server.messages[static_cast<std::uint32_t>(n)] = {letter_with_attachment(n, 1), {}};
    back_up(*world.open(), server);
    std::string lost = last_of("archives/");
    if (lost == kept)
        lost = world.open()->store().list("archives/").front().name;
    fs::remove(in_vault(lost));
    auto ledger = world.open();
    EXPECT_THAT(ledger->recovery().lost_archives, ElementsAre(lost));
    EXPECT_THAT(ledger->catalog().unstored_uids({ledger->kit().writer, server.fid}),
                ElementsAre(Uid{5}, Uid{6}));
    back_up(*ledger, server);
    expect_backed_up(*ledger, world.keys(), server);
    ledger.reset();
    ledger = world.open();
    EXPECT_THAT(ledger->recovery().lost_archives, IsEmpty());
    ledger->rebuild_catalog(world.keys(), {});
    expect_backed_up(*ledger, world.keys(), server);
}

TEST_F(Recovering, MessagesWhoseSharedPartIsLostAreFetchedAgain)
{
    const std::string with_part = last_of("archives/");
    server.messages[5] = {letter_with_attachment(5, 1), {}};
    server.messages[6] = {letter(6), {}};
    back_up(*world.open(), server);
    fs::remove(in_vault(with_part));
    auto ledger = world.open();
    EXPECT_THAT(ledger->catalog().unstored_uids({ledger->kit().writer, server.fid}),
                ElementsAre(Uid{1}, Uid{2}, Uid{3}, Uid{4}, Uid{5}));
    back_up(*ledger, server);
    Library library(ledger->store(), world.keys(), ledger->catalog());
    for (const auto& row : ledger->catalog().placements({ledger->kit().writer, server.fid}))
        EXPECT_EQ(text_of(library.message(row.id)),
                  server.messages.at(static_cast<std::uint32_t>(row.uid)).raw);
}

TEST_F(Recovering, ATruncatedArchiveCountsAsLost)
{
    const std::string name = last_of("archives/");
    fs::resize_file(in_vault(name), fs::file_size(in_vault(name)) - 1);
    EXPECT_THAT(world.open()->recovery().lost_archives, ElementsAre(name));
}

TEST_F(Recovering, AnArchiveLostForGoodIsToldAsDamage)
{
    fs::remove(in_vault(last_of("archives/")));
    auto ledger = world.open();
    const auto rows = ledger->catalog().placements({ledger->kit().writer, server.fid});
    Library library(ledger->store(), world.keys(), ledger->catalog());
    EXPECT_EQ(test::kind_thrown_by([&] { return library.message(rows.at(0).id); }),
              ErrorKind::damaged);
}

TEST_F(Recovering, WhatTheStoreLostOfJournalAndRootLogIsPutBack)
{
    for (const char* folder : {"journal/", "root/", "keys/"}) {
        const std::string name = last_of(folder);
        fs::remove(in_vault(name));
        const auto ledger = world.open();
        EXPECT_THAT(ledger->recovery().healed, ElementsAre(name));
        EXPECT_TRUE(ledger->store().find(name));
        expect_tidy_store(*ledger);
    }
}

TEST_F(Recovering, ADamagedRootLogIsReplacedFromTheMirror)
{
    const std::string name = last_of("root/");
    overwrite(in_vault(name), "X");
    EXPECT_THAT(world.open(Ledger::Mode::read)->recovery().rollbacks, SizeIs(1));
    EXPECT_THAT(world.open()->recovery().healed, ElementsAre(name));
    EXPECT_THAT(world.open()->recovery().healed, IsEmpty());
}

TEST_F(Recovering, ARollbackBeyondTheMirrorStopsTheWriterButNoReader)
{
    const std::string name = last_of("journal/");
    fs::remove(in_vault(name));
    fs::remove(in_mirror(name));
    EXPECT_EQ(kind_of_opening(), ErrorKind::tampered);
    const auto reader = world.open(Ledger::Mode::read);
    expect_backed_up(*reader, world.keys(), server);
}

TEST_F(Recovering, AnEmptyFolderIsNotOurVault)
{
    fs::remove_all(world.paths().vault);
    fs::create_directory(world.paths().vault);
    EXPECT_EQ(kind_of_opening(), ErrorKind::not_found);
    EXPECT_TRUE(fs::is_empty(world.paths().vault));
    fs::remove_all(world.paths().vault);
    EXPECT_EQ(kind_of_opening(), ErrorKind::not_found);
}

TEST_F(Recovering, AnotherVaultInTheSamePlaceIsLeftAlone)
{
    World other;
    fs::remove_all(world.paths().vault);
    fs::copy(other.paths().vault, world.paths().vault, fs::copy_options::recursive);
    const auto names = [&] {
        std::vector<std::string> found;
        for (const auto& info : objects::open_local_folder(world.paths().vault, false)->list(""))
            found.push_back(info.name);
        return found;
    };
    const auto before = names();
    EXPECT_EQ(kind_of_opening(), ErrorKind::tampered);
    EXPECT_EQ(names(), before);
}

TEST_F(Recovering, AHostWithoutStateIsToldSo)
{
    const Paths nowhere = world.other_host("nowhere");
    EXPECT_EQ(test::kind_thrown_by([&] { return Ledger(nowhere, Ledger::Mode::read).is_writer(); }),
              ErrorKind::not_found);
}

TEST_F(Recovering, AClonedHostForksAndIsStopped)
{
    const Paths cloned = clone();
    server.messages[5] = {letter(5), {}};
    back_up(*world.open(), server);
    // The clone finds an entry that it did not write.
    try {
        Ledger ledger(cloned, Ledger::Mode::write);
        ADD_FAILURE() << "a fork went unseen";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::tampered);
        EXPECT_THAT(e.what(), HasSubstr("FORK"));
        EXPECT_THAT(e.hint(), HasSubstr("mailhold writer renew"));
    }
    EXPECT_EQ(kind_of_opening(), std::nullopt);
}

TEST_F(Recovering, AClonesOutboxIsNotPublishedBesideTheOriginals)
{
    server.messages[5] = {letter(5), {}};
    // Dies with the outbox written and the entry not published.
    for (int fatal = 1;; ++fatal) {
        const auto death = std::make_shared<Fate>(fatal, Moment::before);
        try {
            auto ledger = world.open_mortal(death);
            back_up(*ledger, server);
        } catch (const Error&) {
        }
        ASSERT_TRUE(death->dead());
        if (catalog::Catalog(world.paths().state / "catalog.sqlite").outbox())
            break;
    }
    const Paths cloned = clone();
    back_up(*world.open(), server);
    {
        Server more = server;
        more.messages[6] = {letter(6), {}};
        back_up(*world.open(), more);
    }
    const auto entries = [&] { return world.open()->store().list("journal/").size(); };
    const auto before = entries();
    EXPECT_EQ(test::kind_thrown_by([&] { return Ledger(cloned, Ledger::Mode::write).is_writer(); }),
              ErrorKind::tampered);
    EXPECT_EQ(entries(), before);
}

TEST_F(Recovering, ARenewedCloneGoesOnAndBothHistoriesAreRead)
{
    const Paths cloned = clone();
    Server mine = server;
    mine.messages[5] = {letter(5), {}};
    back_up(*world.open(), mine);
    const auto former = world.open()->kit().writer;

    renew_writer(cloned, world.keys(), "clone");
    EXPECT_TRUE(fs::exists(former_kit_path(cloned, former)));
    Ledger ledger(cloned, Ledger::Mode::write);
    ledger.rebuild_catalog(world.keys(), {});
    EXPECT_NE(ledger.kit().writer, former);
    EXPECT_EQ(ledger.catalog().account("anna@example.com")->writer, ledger.kit().writer);
    EXPECT_THAT(ledger.catalog().placements({former, FolderId{1}}), SizeIs(5));

    // The new writer sees everything anew, and stores nothing again.
    Server again = mine;
    again.fid = FolderId{1};
    const auto stored = ledger.catalog().archives().size();
    back_up(ledger, again);
    EXPECT_EQ(ledger.catalog().archives().size(), stored);
    expect_backed_up(ledger, world.keys(), again);
    expect_tidy_store(ledger);
}

class WithoutCatalog : public Recovering {
protected:
    void expect_rebuilt(const std::string& as_it_was)
    {
        auto ledger = world.open();
        EXPECT_TRUE(ledger->needs_rebuild());
        EXPECT_EQ(test::kind_thrown_by([&] { return Intake(*ledger, "r", {}).tally(anna).placed; }),
                  ErrorKind::damaged);
        std::size_t told = 0;
        ledger->rebuild_catalog(world.keys(), [&](std::size_t done, std::size_t total) {
            EXPECT_LE(done, total);
            told = done;
        });
        EXPECT_GT(told, 0u);
        EXPECT_FALSE(ledger->needs_rebuild());
        EXPECT_EQ(snapshot(ledger->catalog()), as_it_was);
        EXPECT_FALSE(ledger->catalog().cursor({ledger->kit().writer, server.fid}));
        server.messages[9] = {letter(9), {}};
        back_up(*ledger, server);
        expect_backed_up(*ledger, world.keys(), server);
        expect_tidy_store(*ledger);
    }

    fs::path file() const { return world.paths().state / "catalog.sqlite"; }
};

TEST_F(WithoutCatalog, ALostOneIsRebuilt)
{
    const std::string as_it_was = snapshot(world.open()->catalog());
    fs::remove(file());
    expect_rebuilt(as_it_was);
}

TEST_F(WithoutCatalog, ABrokenOneIsSetAsideAndRebuilt)
{
    const std::string as_it_was = snapshot(world.open()->catalog());
    std::ofstream(file()) << std::string(10'000, 'x');
    EXPECT_EQ(test::kind_thrown_by([&] { return world.open(Ledger::Mode::read)->is_writer(); }),
              ErrorKind::damaged);
    expect_rebuilt(as_it_was);
}

TEST_F(WithoutCatalog, AnOldCopyIsRebuilt)
{
    const auto copy = world.paths().state / "old.sqlite";
    fs::copy_file(file(), copy);
    server.messages[5] = {letter(5), {}};
    back_up(*world.open(), server);
    const std::string as_it_was = snapshot(world.open()->catalog());
    fs::rename(copy, file());
    expect_rebuilt(as_it_was);
}

TEST_F(WithoutCatalog, TheHighWaterMarkOfTheRootLogOutlivesARebuild)
{
    auto ledger = world.open();
    ledger->rebuild_catalog(world.keys(), {});
    EXPECT_EQ(ledger->catalog().setting("root.seq"), std::to_string(ledger->root_log().seq));
}

}  // namespace
}  // namespace mailhold::ledger
