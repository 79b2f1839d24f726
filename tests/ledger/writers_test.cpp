// Several hosts, epochs and revocations: what one writes the other reads, and trusts only as far.

#include "mailhold/vault/owner.hpp"
#include "world.hpp"

namespace mailhold::ledger {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Writers : public testing::Test {
protected:
    Writers()
    {
        for (int n = 1; n <= 3; ++n)
            server.messages[static_cast<std::uint32_t>(n)] = {letter(n), {}};
        server.messages[4] = {letter_with_attachment(4, 1), {}};
        back_up(*world.open(), server);
        join_as_writer(second, world.keys(), "second host");
    }

    sealed::Header newest_entry_of(Ledger& ledger, const crypto::WriterId& writer)
    {
        const auto name = vault::list_journal(ledger.store()).chains.at(writer).back().name;
        return sealed::decode_header(ledger.store().get(name, 64 * mebibyte));
    }

    World world;
    Server server;
    Paths second = world.other_host("second");
};

TEST_F(Writers, AHostJoinsOnce)
{
    EXPECT_EQ(test::kind_thrown_by([&] { return join_as_writer(second, world.keys(), "x").seq; }),
              ErrorKind::usage);
    EXPECT_EQ(
        test::kind_thrown_by([&] { return create_vault(second, bytes_of("secret"), "x").log.seq; }),
        ErrorKind::usage);
}

TEST_F(Writers, TheOthersEntriesAreReadOnce)
{
    Ledger ledger(second, Ledger::Mode::write);
    EXPECT_EQ(ledger.catalog().totals().messages, 0u);
    EXPECT_EQ(ledger.follow_other_writers(world.keys()), 1u);
    EXPECT_EQ(ledger.follow_other_writers(world.keys()), 0u);
    EXPECT_EQ(ledger.catalog().totals().messages, 4u);
    EXPECT_EQ(ledger.catalog().totals().placements, 4u);
}

TEST_F(Writers, MailOfTheOthersIsNotStoredAgainAndDeclaredAgain)
{
    {
        Ledger ledger(second, Ledger::Mode::write);
        ledger.follow_other_writers(world.keys());
        server.messages[5] = {letter_with_attachment(5, 1), {}};
        back_up(ledger, server);
        EXPECT_THAT(ledger.store().list("archives/"), SizeIs(2));
        EXPECT_THAT(ledger.catalog().archives(), SizeIs(2));
        expect_backed_up(ledger, world.keys(), server);
    }
    // A reader that takes the second chain first finds every id declared in it.
    const auto reader_state = world.other_host("reader");
    std::filesystem::create_directory(reader_state.state);
    Ledger reader(reader_state, Ledger::Mode::write);
    EXPECT_FALSE(reader.is_writer());
    reader.rebuild_catalog(world.keys(), {});
    const auto accounts = reader.catalog().folders(anna);
    EXPECT_THAT(accounts, SizeIs(2));
    Library library(reader.store(), world.keys(), reader.catalog());
    for (const catalog::FolderRow& folder : accounts)
        for (const catalog::PlacementRow& row : reader.catalog().placements(folder.key))
            EXPECT_EQ(text_of(library.message(row.id)),
                      server.messages.at(static_cast<std::uint32_t>(row.uid)).raw);
}

TEST_F(Writers, WithoutKeysTheSecondStoresItsOwnCopy)
{
    Ledger ledger(second, Ledger::Mode::write);
    back_up(ledger, server);
    expect_backed_up(ledger, world.keys(), server);
    EXPECT_THAT(ledger.store().list("archives/"), SizeIs(2));
}

TEST_F(Writers, AMessageThatIsBrokenWhereItLiesIsReadFromTheOthersCopy)
{
    Ledger ledger(second, Ledger::Mode::write);
    back_up(ledger, server);
    ledger.follow_other_writers(world.keys());
    for (const catalog::ArchiveRow& archive : ledger.catalog().archives()) {
        const auto messages = ledger.catalog().messages_lying_in(archive.object);
        ASSERT_THAT(messages, SizeIs(4));
        const std::string name = vault::archive_name(archive.object);
        const ByteBuffer whole = ledger.store().get(name, 64 * mebibyte);
        overwrite(world.paths().vault / name, std::string(whole.size(), '!'));
        Library library(ledger.store(), world.keys(), ledger.catalog());
        for (const catalog::LyingMessage& message : messages)
            EXPECT_EQ(library.message(message), library.message(message.id));
        overwrite(world.paths().vault / name, text_of(whole));
    }
}

TEST_F(Writers, EntriesSayWhichHeadsTheirWriterHadSeen)
{
    const auto first = world.open()->kit().writer;
    const auto head = *world.open()->head();
    Ledger ledger(second, Ledger::Mode::write);
    back_up(ledger, server);
    const auto heads = newest_entry_of(ledger, ledger.kit().writer).heads;
    EXPECT_THAT(heads, Contains(sealed::ChainHead{first, head.seq, head.hash}));
    EXPECT_THAT(heads,
                Contains(sealed::ChainHead{{}, ledger.root_log().seq, ledger.root_log().head}));
}

TEST_F(Writers, AnothersRollbackIsReported)
{
    Ledger(second, Ledger::Mode::write).follow_other_writers(world.keys());
    const auto name = world.open()->store().list("journal/").back().name;
    std::filesystem::remove(world.paths().vault / name);
    for (const auto mode : {Ledger::Mode::read, Ledger::Mode::write}) {
        Ledger ledger(second, mode);
        EXPECT_THAT(ledger.recovery().rollbacks, Contains(HasSubstr("ends at entry 0")));
    }
}

TEST_F(Writers, BothCatalogsRebuiltSayTheSame)
{
    {
        Ledger ledger(second, Ledger::Mode::write);
        back_up(ledger, server);
    }
    back_up(*world.open(), server);
    auto first_ledger = world.open();
    first_ledger->follow_other_writers(world.keys());
    const std::string followed = snapshot(first_ledger->catalog());
    Ledger second_ledger(second, Ledger::Mode::write);
    second_ledger.follow_other_writers(world.keys());
    EXPECT_EQ(first_ledger->catalog().totals().stored_bytes,
              second_ledger.catalog().totals().stored_bytes);
    EXPECT_EQ(first_ledger->catalog().heads().size(), 2u);
    EXPECT_EQ(first_ledger->catalog().totals().placements, 8u);
    EXPECT_EQ(second_ledger.catalog().totals().placements, 8u);
}

TEST_F(Writers, ARevokedWriterIsStoppedAndItsLaterEntriesAreNotApplied)
{
    crypto::WriterId revoked;
    {
        Ledger ledger(second, Ledger::Mode::write);
        revoked = ledger.kit().writer;
        back_up(ledger, server);
        const catalog::Head head = *ledger.head();
        server.messages[7] = {letter(7), {}};
        back_up(ledger, server);
        vault::revoke_writer(ledger.store(), ledger.root_log(), world.keys(), revoked, head.seq,
                             head.hash);
    }
    EXPECT_EQ(test::kind_thrown_by([&] { return Ledger(second, Ledger::Mode::write).is_writer(); }),
              ErrorKind::refused);
    auto ledger = world.open();
    const auto keys = vault::unlock_with_passphrase(ledger->store(), ledger->root_log(),
                                                    bytes_of("correct horse battery staple"));
    EXPECT_EQ(ledger->follow_other_writers(keys), 1u);
    EXPECT_THAT(ledger->catalog().placements({revoked, FolderId{1}}), SizeIs(4));
}

TEST_F(Writers, AfterARotationOldAndNewMailIsRead)
{
    auto ledger = world.open();
    const auto slots = vault::list_slots(ledger->store(), ledger->root_log());
    for (const vault::SlotDetails& slot : slots)
        if (slot.kind == "recovery")
            vault::remove_slot(ledger->store(), ledger->root_log(), world.keys(), slot.info.id);
    ledger->reload_root_log();
    EXPECT_EQ(ledger->kit().epoch, 2u);
    server.messages[8] = {letter(8), {}};
    back_up(*ledger, server);
    ledger.reset();
    ledger = world.open();
    EXPECT_THAT(ledger->recovery().healed, IsEmpty());
    EXPECT_EQ(ledger->kit().epoch, 2u);
    const auto keys = vault::unlock_with_passphrase(ledger->store(), ledger->root_log(),
                                                    bytes_of("correct horse battery staple"));
    expect_backed_up(*ledger, keys, server);
    expect_tidy_store(*ledger);
}

}  // namespace
}  // namespace mailhold::ledger
