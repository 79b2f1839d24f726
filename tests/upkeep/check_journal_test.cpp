// What check says about a small vault whose journal was cut, damaged or forged.

#include "check_fixture.hpp"

namespace mailhold::upkeep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_F(CheckTest, AJournalCutShortIsARollback)
{
    const auto entries = objects("journal/");
    std::filesystem::remove(path_of(entries.back()));
    const CheckReport report = keyless();
    ASSERT_THAT(kinds(report), ElementsAre("rollback"));
    EXPECT_EQ(report.exit_code(), 4);
    EXPECT_THAT(report.findings[0].accounts, ElementsAre("anna@example.com"));
    EXPECT_THAT(report.findings[0].messages, IsEmpty()) << "this host's catalog still knows them";
    EXPECT_EQ(report.findings[0].messages_elsewhere, 3U);
    EXPECT_EQ(report.messages, 6U);
}

TEST_F(CheckTest, ARollbackIsSeenBesideOtherDamage)
{
    const auto entries = objects("journal/");
    std::filesystem::remove(path_of(entries.back()));
    flip(entries.front(), 300);
    const CheckReport report = keyless();
    EXPECT_THAT(kinds(report), ElementsAre("rollback", "damaged"));
    EXPECT_EQ(report.exit_code(), 4);
}

TEST_F(CheckTest, AMissingJournalEntryIsDamageThatConcernsItsAccounts)
{
    const auto entries = objects("journal/");
    std::filesystem::remove(path_of(entries.front()));
    const CheckReport report = keyless();
    ASSERT_THAT(kinds(report), ElementsAre("missing"));
    EXPECT_EQ(report.findings[0].object, entries.front());
    EXPECT_EQ(report.exit_code(), 3);
    EXPECT_THAT(report.findings[0].accounts, ElementsAre("anna@example.com"));
    EXPECT_THAT(report.findings[0].next, HasSubstr("mirror"));
}

TEST_F(CheckTest, ADamagedJournalEntryIsDamageAtEveryByte)
{
    const std::string name = objects("journal/").front();
    const std::size_t size = read(name).size();
    for (const std::size_t position : {std::size_t{0}, std::size_t{100}, size / 2, size - 1}) {
        flip(name, position);
        const CheckReport report = with_key();
        EXPECT_THAT(kinds(report), ElementsAre("damaged")) << "byte " << position;
        EXPECT_EQ(report.exit_code(), 3);
        EXPECT_THAT(report.findings.at(0).accounts, ElementsAre("anna@example.com"));
        flip(name, position);
    }
}

// Someone who can write to the store and has no key: the bytes hash to their name.
TEST_F(CheckTest, AnEntryThatNobodySignedIsTampering)
{
    const std::string name = objects("journal/").back();
    std::string bytes = read(name);
    bytes.back() ^= 1;
    const crypto::Hash hash = crypto::hash(bytes_of(bytes));
    std::filesystem::remove(path_of(name));
    write(vault::journal_name(world.open(Ledger::Mode::read)->kit().writer, 2, hash), bytes);
    const CheckReport report = keyless();
    EXPECT_THAT(kinds(report), UnorderedElementsAre("tampered", "fork"));
    EXPECT_EQ(report.exit_code(), 4);
    EXPECT_THAT(report.findings[0].accounts, ElementsAre("anna@example.com"));
}

TEST_F(CheckTest, AnEntryOfAnUnknownWriterIsTampering)
{
    const std::string name = objects("journal/").front();
    crypto::WriterId stranger;
    stranger.value.fill(std::byte{7});
    write(vault::journal_name(stranger, 1, crypto::hash(bytes_of(read(name)))), read(name));
    const CheckReport report = keyless();
    EXPECT_THAT(kinds(report), ElementsAre("uncertified"));
    EXPECT_EQ(report.exit_code(), 4);
}

}  // namespace
}  // namespace mailhold::upkeep
