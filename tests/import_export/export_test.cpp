// Exports from a real vault: what is there, what was there, and what is left when something broke.

#include "mailhold/import_export/export.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mailhold/base/file.hpp"
#include "mailhold/base/json.hpp"
#include "support/kind_thrown_by.hpp"
#include "vault_fixture.hpp"

namespace mailhold::import_export {

namespace fs = std::filesystem;

namespace {

using test::empty;
using test::inbox;
using test::sent;
using test::with_attachment;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const std::string one = "Subject: one\r\n\r\nfirst\r\n";
const std::string two = "Subject: two\n\nbare lf, no end";
const std::string three = with_attachment("three", 3);

/// Day 2: one, two, and three in two folders. Day 4: flags of one change, two vanishes, four comes.
void fill(test::VaultFixture& vault)
{
    vault.run(2, [&](ledger::Intake& intake) {
        vault.describe(intake);
        vault.message(intake, inbox, 1, one, {"\\Seen"});
        vault.message(intake, inbox, 2, two);
        vault.message(intake, inbox, 3, three, {"\\Flagged", "deal"});
        vault.message(intake, sent, 1, three);
    });
    vault.run(4, [&](ledger::Intake& intake) {
        intake.event(vault.anna, vault::FlagsChanged{inbox, Uid{1}, {"\\Answered", "\\Seen"}});
        intake.event(vault.anna, vault::Gone{inbox, {Uid{2}}});
        vault.message(intake, inbox, 4, "Subject: four\r\n\r\n");
    });
}

ExportReport export_to(test::Remembered& out, test::VaultFixture& vault,
                       const ExportOptions& options)
{
    ledger::Library library = vault.library();
    NullProgress nobody;
    return export_account(vault.catalog(), library, vault.account(), options, out, nobody);
}

std::vector<std::string> exported(test::VaultFixture& vault, const ExportOptions& options)
{
    test::Remembered out;
    EXPECT_TRUE(export_to(out, vault, options).failed.empty());
    EXPECT_TRUE(out.is_finished);
    return out.lines();
}

std::optional<Time> march(int day)
{
    return Time{1'772'323'200 + (day - 1) * 86'400};  // midnight UTC, 2026
}

crypto::ContentId id_of(test::VaultFixture& vault, FolderId folder, std::uint32_t uid)
{
    for (const catalog::PlacementRow& row :
         vault.catalog().placements({vault.ledger().kit().writer, folder}))
        if (row.uid == Uid{uid})
            return row.id;
    return {};
}

/// Flips a byte in the middle of the only archive that day 4 wrote.
void damage_newest_archive(const fs::path& vault)
{
    fs::path newest;
    for (const auto& entry : fs::recursive_directory_iterator(vault / "archives"))
        if (entry.is_regular_file() &&
            (newest.empty() || entry.last_write_time() > fs::last_write_time(newest)))
            newest = entry.path();
    fs::permissions(newest, fs::perms::owner_write, fs::perm_options::add);
    std::fstream file(newest, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(260);
    const char byte = static_cast<char>(file.get());
    file.seekp(260);
    file.put(static_cast<char>(byte ^ 1));
}

}  // namespace

TEST(ExportAccount, GivesWhatIsOnTheServerNow)
{
    test::VaultFixture vault;
    fill(vault);
    EXPECT_THAT(exported(vault, {}),
                ElementsAre("INBOX four []", "INBOX one [\\Answered \\Seen]",
                            "INBOX three [\\Flagged deal]", "INBOX.已发送/x three []"));
}

TEST(ExportAccount, GivesThePastWithItsFlags)
{
    test::VaultFixture vault;
    fill(vault);
    EXPECT_THAT(exported(vault, {.as_of = march(3)}),
                ElementsAre("INBOX one [\\Seen]", "INBOX three [\\Flagged deal]", "INBOX two []",
                            "INBOX.已发送/x three []"));
    EXPECT_THAT(exported(vault, {.as_of = march(1)}), ElementsAre());
}

TEST(ExportAccount, GivesWhatVanishedWhenAsked)
{
    test::VaultFixture vault;
    fill(vault);
    EXPECT_THAT(exported(vault, {.include_gone = true}),
                ElementsAre("INBOX four []", "INBOX one [\\Answered \\Seen]",
                            "INBOX three [\\Flagged deal]", "INBOX two []",
                            "INBOX.已发送/x three []"));
}

TEST(ExportAccount, BytesAndCountsAreExactAndEmptyFoldersCome)
{
    test::VaultFixture vault;
    fill(vault);
    test::Remembered out;
    const ExportReport report = export_to(out, vault, {.as_of = march(3)});
    EXPECT_THAT(out.raw, UnorderedElementsAre(one, two, three, three));
    EXPECT_THAT(out.folders, UnorderedElementsAre("INBOX", "INBOX.已发送/x", "INBOX.Empty"));
    EXPECT_EQ(report.messages, 4U);
    EXPECT_EQ(report.bytes, one.size() + two.size() + 2 * three.size());
}

// What a leaver's purge looks like: everything gone, folders too.
TEST(ExportAccount, APurgedAccountComesBackAsOfTheDayBefore)
{
    test::VaultFixture vault;
    fill(vault);
    vault.run(6, [&](ledger::Intake& intake) {
        intake.event(vault.anna, vault::Gone{inbox, {Uid{1}, Uid{3}, Uid{4}}});
        intake.event(vault.anna, vault::Gone{sent, {Uid{1}}});
        intake.event(vault.anna, vault::FolderDescribed{.fid = sent,
                                                        .account = vault.anna,
                                                        .name = "INBOX.已发送/x",
                                                        .wire_name = "INBOX.已发送/x",
                                                        .uid_validity = UidValidity{1},
                                                        .separator = '.',
                                                        .use = "",
                                                        .gone = true});
    });
    EXPECT_THAT(exported(vault, {}), ElementsAre());
    EXPECT_THAT(exported(vault, {.as_of = march(5)}),
                ElementsAre("INBOX four []", "INBOX one [\\Answered \\Seen]",
                            "INBOX three [\\Flagged deal]", "INBOX.已发送/x three []"));
    EXPECT_EQ(exported(vault, {.include_gone = true}).size(), 5U);
}

TEST(ExportAccount, DamageIsNamedAndTheRestComes)
{
    test::VaultFixture vault;
    fill(vault);
    damage_newest_archive(vault.vault_path());
    test::Remembered out;
    const ExportReport report = export_to(out, vault, {});
    ASSERT_EQ(report.failed.size(), 1U);
    EXPECT_EQ(report.failed[0].id, id_of(vault, inbox, 4));
    EXPECT_FALSE(report.failed[0].why.empty());
    EXPECT_EQ(report.messages, 3U);
    EXPECT_TRUE(out.is_finished);
    EXPECT_THAT(out.raw, UnorderedElementsAre(one, three, three));
}

TEST(ExportAccount, AStopLeavesTheDestinationUnfinished)
{
    test::VaultFixture vault;
    fill(vault);
    test::Remembered out;
    ledger::Library library = vault.library();
    NullProgress nobody;
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(test::kind_thrown_by([&] {
                  return export_account(vault.catalog(), library, vault.account(), {}, out, nobody,
                                        stop.get_token());
              }),
              ErrorKind::interrupted);
    EXPECT_FALSE(out.is_finished);
}

TEST(ExportAccount, ProgressEndsWithEverythingDone)
{
    class Last final : public ProgressSink {
    public:
        void report(const ProgressEvent& event) override { seen = event; }
        ProgressEvent seen;
    };
    test::VaultFixture vault;
    fill(vault);
    test::Remembered out;
    ledger::Library library = vault.library();
    Last last;
    export_account(vault.catalog(), library, vault.account(), {}, out, last);
    EXPECT_EQ(last.seen.account, "anna@example.com");
    EXPECT_TRUE(last.seen.finished);
    EXPECT_EQ(last.seen.messages_done, 4U);
    EXPECT_EQ(last.seen.messages_total, 4U);
}

TEST(ExportAccount, AMaildirHasTheServersFoldersAsLevels)
{
    test::VaultFixture vault;
    fill(vault);
    const test::TempDir dir;
    const auto destination =
        deliver::Destination::open(dir.path() / "out", deliver::Format::maildir);
    ledger::Library library = vault.library();
    NullProgress nobody;
    export_account(vault.catalog(), library, vault.account(), {}, *destination, nobody);
    EXPECT_TRUE(fs::is_directory(dir.path() / "out/INBOX/Empty/cur"));
    const auto in_sent = fs::directory_iterator(dir.path() / "out/INBOX/已发送%2Fx/cur");
    EXPECT_EQ(text_of(read_file(in_sent->path())), three);
    EXPECT_EQ(read_text_file(dir.path() / "out/INBOX/dovecot-keywords"), "0 deal\n");
}

TEST(ExportMessages, GivesEachOnceFromAPlaceOnTheServer)
{
    test::VaultFixture vault;
    fill(vault);
    const std::vector<crypto::ContentId> ids = {id_of(vault, inbox, 2), id_of(vault, inbox, 1),
                                                id_of(vault, inbox, 4)};
    test::Remembered out;
    ledger::Library library = vault.library();
    NullProgress nobody;
    const ExportReport report = export_messages(vault.catalog(), library, ids, out, nobody);
    EXPECT_EQ(report.messages, 3U);
    EXPECT_THAT(out.lines(), ElementsAre("anna@example.com INBOX four []",
                                         "anna@example.com INBOX one [\\Answered \\Seen]",
                                         "anna@example.com INBOX two []"));
    EXPECT_TRUE(out.is_finished);
}

TEST(ExportMessages, AnUnknownIdIsAFailureOfItsOwn)
{
    test::VaultFixture vault;
    fill(vault);
    test::Remembered out;
    ledger::Library library = vault.library();
    NullProgress nobody;
    const ExportReport report = export_messages(
        vault.catalog(), library, {crypto::ContentId{}, id_of(vault, inbox, 1)}, out, nobody);
    EXPECT_EQ(report.messages, 1U);
    ASSERT_EQ(report.failed.size(), 1U);
    EXPECT_EQ(report.failed[0].id, crypto::ContentId{});
}

}  // namespace mailhold::import_export
