// Imports into a real vault: what mailhold exported comes back whole, and nothing is there twice.

#include "mailhold/import_export/import.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mailhold/archive/file_writer.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/import_export/export.hpp"
#include "support/kind_thrown_by.hpp"
#include "vault_fixture.hpp"

namespace mailhold::import_export {

namespace fs = std::filesystem;

namespace {

using test::inbox;
using test::sent;
using test::with_attachment;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string anna = "anna@example.com";

/// What was on the server on day 2: all the things that trip a format up.
void fill(test::VaultFixture& vault)
{
    vault.run(2, [&](ledger::Intake& intake) {
        vault.describe(intake);
        vault.message(intake, inbox, 1, "Subject: one\r\n\r\nFrom me\r\n>From you\r\n", {"\\Seen"});
        vault.message(intake, inbox, 2, "Subject: two\n\nbare lf, no end", {"$Forwarded", "deal"});
        vault.message(intake, inbox, 3, "From x\nSubject: three\n\n\n\n");
        vault.message(intake, inbox, 4, "");
        vault.message(intake, inbox, 5, "Content-Length: 7\n\n1234567\nFrom 8\n");
        vault.message(intake, sent, 1, with_attachment("four", 4), {"\\Answered", "\\Flagged"});
        vault.message(intake, sent, 2, "Subject: one\r\n\r\nFrom me\r\n>From you\r\n");
    });
}

fs::path export_to(test::VaultFixture& vault, const fs::path& to, deliver::Format format)
{
    ledger::Library library = vault.library();
    NullProgress nobody;
    const auto destination = deliver::Destination::open(to, format);
    export_account(vault.catalog(), library, vault.account(), {}, *destination, nobody);
    return to;
}

ImportReport import(test::VaultFixture& vault, const fs::path& path,
                    const ImportOptions& options = {}, const std::string& address = anna)
{
    NullProgress nobody;
    return import_files(vault.ledger(),
                        {.address = address, .role = "archive", .archive_only = true}, {path},
                        options, {}, nobody);
}

/// "folder: flags, instant, zone, bytes" of every live placement.
std::multiset<std::string> mail_of(test::VaultFixture& vault)
{
    ledger::Library library = vault.library();
    std::multiset<std::string> mail;
    for (const catalog::FolderRow& folder : vault.catalog().folders(vault.account().id))
        for (const catalog::PlacementRow& row : vault.catalog().placements(folder.key)) {
            const InternalDate date = row.date.value_or(InternalDate{});
            if (!row.gone_since)
                mail.insert(fmt::format("{}{}: {}, {} {}, {}", folder.separator.value_or(' '),
                                        folder.name, fmt::join(row.flags, " "), date.epoch_seconds,
                                        date.zone_minutes, text_of(library.message(row.id))));
        }
    return mail;
}

constexpr std::pair<deliver::Format, const char*> formats[] = {
    {deliver::Format::maildir, "maildir"},
    {deliver::Format::mbox, "mbox"},
    {deliver::Format::eml, "eml"},
    {deliver::Format::zip, "x.zip"},
    {deliver::Format::tar_zst, "x.tar.zst"}};

class File {
public:
    explicit File(const std::string& name, const std::string& content) : path_(dir_.path() / name)
    {
        fs::create_directories(path_.parent_path());
        std::ofstream(path_, std::ios::binary) << content;
    }
    const fs::path& path() const { return path_; }
    fs::path folder() const { return dir_.path(); }

private:
    test::TempDir dir_;
    fs::path path_;
};

TEST(Import, OfEveryExportIntoAFreshVaultGivesEverythingBack)
{
    test::VaultFixture from;
    fill(from);
    const test::TempDir dir;
    for (const auto& [format, name] : formats) {
        const fs::path exported = export_to(from, dir.path() / name, format);
        test::VaultFixture to;
        const ImportReport report = import(to, exported);
        EXPECT_THAT(report.failed, IsEmpty()) << name;
        EXPECT_EQ(report.new_messages, 6U) << name;
        EXPECT_EQ(report.known_messages, 1U) << name;
        EXPECT_EQ(mail_of(to), mail_of(from)) << name;
        EXPECT_TRUE(to.account().archive_only);
    }
}

TEST(Import, OfAnExportIntoItsOwnVaultAddsNothing)
{
    test::VaultFixture vault;
    fill(vault);
    const test::TempDir dir;
    const auto before = mail_of(vault);
    for (const auto& [format, name] : formats) {
        const ImportReport report = import(vault, export_to(vault, dir.path() / name, format));
        EXPECT_THAT(report.failed, IsEmpty()) << name;
        EXPECT_EQ(report.already_there, 7U) << name;
        EXPECT_EQ(report.new_messages + report.known_messages, 0U) << name;
    }
    EXPECT_EQ(mail_of(vault), before);
    EXPECT_FALSE(vault.account().archive_only);
}

TEST(Import, GoesOnInTheSameFolder)
{
    test::VaultFixture vault;
    const File first("a.mbox", "From \nA: 1\n\n\nFrom \nA: 2\n\n\nFrom \nA: 1\n\n\n");
    const ImportReport report = import(vault, first.path());
    EXPECT_EQ(report.new_messages, 2U);
    EXPECT_EQ(report.already_there, 1U);
    const File more("a.mbox", "From \nA: 2\n\n\nFrom \nA: 3\n\n\n");
    EXPECT_EQ(import(vault, more.path()).new_messages, 1U);
    const auto folders = vault.catalog().folders(vault.account().id);
    ASSERT_THAT(folders, SizeIs(1));
    EXPECT_EQ(folders[0].name, "a");
    EXPECT_TRUE(folders[0].is_imported());
    std::vector<std::uint32_t> uids;
    for (const catalog::PlacementRow& row : vault.catalog().placements(folders[0].key))
        uids.push_back(static_cast<std::uint32_t>(row.uid));
    EXPECT_THAT(uids, ElementsAre(1, 2, 3));
}

TEST(Import, TakesADateFromTheHeaderWhereTheFileHasNone)
{
    test::VaultFixture vault;
    const File file("a.mbox",
                    "From \nDate: Thu, 29 Feb 2024 23:59:59 +0800\n\nx\n\nFrom \nA: b\n\n");
    EXPECT_EQ(import(vault, file.path()).new_messages, 2U);
    std::vector<std::optional<InternalDate>> dates;
    for (const catalog::FolderRow& folder : vault.catalog().folders(vault.account().id))
        for (const catalog::PlacementRow& row : vault.catalog().placements(folder.key))
            dates.push_back(row.date);
    EXPECT_THAT(dates, ElementsAre(InternalDate{1'709'222'399, 480}, std::nullopt));
}

TEST(Import, StandsBesideTheFolderOfTheServer)
{
    test::VaultFixture vault;
    fill(vault);
    const File file("x.eml", "Subject: old\n\nmail\n");
    EXPECT_EQ(import(vault, file.path(), {.folder = "INBOX"}).new_messages, 1U);
    std::vector<std::pair<std::string, std::uint32_t>> found;
    for (const catalog::FolderRow& folder : vault.catalog().folders(vault.account().id))
        if (folder.name == "INBOX")
            found.emplace_back(folder.name, static_cast<std::uint32_t>(folder.uid_validity));
    EXPECT_THAT(found, ElementsAre(std::pair("INBOX", 1), std::pair("INBOX", 0)));
}

TEST(Import, ADryRunCountsAndAddsNothing)
{
    test::VaultFixture vault;
    const File file("a.mbox", "From \nA: 1\n\n\nFrom \nA: 1\n\n\n");
    const ImportReport report = import(vault, file.path(), {.dry_run = true});
    EXPECT_EQ(report.new_messages, 1U);
    EXPECT_EQ(report.already_there, 1U);
    EXPECT_FALSE(vault.catalog().account(anna));
    EXPECT_FALSE(vault.ledger().head());
}

TEST(Import, LinksAreNotFollowed)
{
    test::VaultFixture vault;
    const File secret("secret.eml", "Subject: secret\n\n");
    const File mail("box/x.eml", "Subject: mail\n\n");
    fs::create_symlink(secret.path(), mail.folder() / "box" / "y.eml");
    fs::create_directory_symlink(secret.folder(), mail.folder() / "box" / "z");
    EXPECT_EQ(import(vault, mail.folder() / "box").new_messages, 1U);
}

TEST(Import, TellsWhatItCannotRead)
{
    test::VaultFixture vault;
    const std::pair<const char*, const char*> files[] = {
        {"words.txt", "Hello"}, {"old.pst", "!BDN"}, {"empty.eml", ""}, {"x.zip", "PK\x03\x04"}};
    for (const auto& [name, content] : files) {
        const File file(name, content);
        const ImportReport report = import(vault, file.path());
        ASSERT_GE(report.failed.size(), 1U) << name;
        EXPECT_EQ(report.failed[0].file, file.path().string());
        EXPECT_EQ(report.messages(), 0U) << name;
    }
    EXPECT_EQ(test::kind_thrown_by([&] { import(vault, "/no/such/file"); }), ErrorKind::not_found);
    EXPECT_EQ(test::kind_thrown_by([&] { import(vault, "/dev/null"); }), ErrorKind::usage);
}

TEST(Import, AnArchiveCutAnywhereGivesNoHalfMessage)
{
    test::VaultFixture from;
    fill(from);
    const test::TempDir dir;
    for (const auto& [format, name] : {formats[3], formats[4]}) {
        const fs::path exported = export_to(from, dir.path() / name, format);
        const ByteBuffer whole = read_file(exported);
        std::set<std::string> raw;
        for (const std::string& line : mail_of(from))
            raw.insert(line.substr(line.find(", ", line.find(", ") + 2)));
        test::VaultFixture to;
        for (std::size_t cut = 0; cut < whole.size(); cut += whole.size() / 40) {
            const File file(name, std::string(text_of(whole).substr(0, cut)));
            const ImportReport report = import(to, file.path());
            EXPECT_TRUE(!report.failed.empty() || report.messages() == 7) << cut;
        }
        if (to.catalog().account(anna)) {
            for (const std::string& line : mail_of(to))
                EXPECT_TRUE(raw.contains(line.substr(line.find(", ", line.find(", ") + 2))));
        }
    }
}

TEST(Import, ABombIsNotUnpacked)
{
    test::VaultFixture vault;
    const test::TempDir dir;
    {
        archive::ArchiveFileWriter writer(dir.path() / "bomb.tar.zst",
                                          archive::ArchiveFileWriter::Format::tar_zst);
        const ByteBuffer zeros(250 * mebibyte);
        for (int i = 0; i < 6; ++i)
            writer.add(fmt::format("{}.eml", i), zeros, 0);
        writer.finish();
    }
    const ImportReport report = import(vault, dir.path() / "bomb.tar.zst", {.dry_run = true});
    ASSERT_GE(report.failed.size(), 1U);
    EXPECT_THAT(report.failed.back().why, ::testing::HasSubstr("200 times"));
    EXPECT_LE(report.messages(), 4U);
}

}  // namespace

}  // namespace mailhold::import_export
