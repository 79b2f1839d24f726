// What check says about a small vault, whole and broken in every way.

#include "mailhold/upkeep/check.hpp"

#include <fstream>

#include <fmt/format.h>

#include "ledger/world.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "mailhold/vault/journal.hpp"

namespace mailhold::upkeep {
namespace {

using ledger::Ledger;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// A local folder in which one name cannot be read.
class FailingStore : public objects::Store {
public:
    FailingStore(const std::filesystem::path& folder, std::string broken)
        : inner_(objects::open_local_folder(folder, false)), broken_(std::move(broken))
    {
    }
    ByteBuffer get(const std::string& name, std::uint64_t limit_bytes) const override
    {
        fail_at(name);
        return inner_->get(name, limit_bytes);
    }
    ByteBuffer get_range(const std::string& name, std::uint64_t offset,
                         std::uint64_t length) const override
    {
        fail_at(name);
        return inner_->get_range(name, offset, length);
    }
    std::optional<objects::ObjectInfo> find(const std::string& name) const override
    {
        return inner_->find(name);
    }
    std::vector<objects::ObjectInfo> list(const std::string& prefix) const override
    {
        return inner_->list(prefix);
    }
    objects::PutOutcome put_new(const std::string& name, Bytes bytes) override
    {
        return inner_->put_new(name, bytes);
    }
    std::unique_ptr<objects::Upload> begin_upload(const std::string& owner) override
    {
        return inner_->begin_upload(owner);
    }
    void remove(const std::string& name) override { inner_->remove(name); }
    std::vector<std::string> warnings() const override { return {}; }
    std::string description() const override { return "a failing disk"; }

private:
    void fail_at(const std::string& name) const
    {
        if (name == broken_)
            throw Error(ErrorKind::store_unavailable, name + ": input/output error");
    }
    std::unique_ptr<objects::Store> inner_;
    std::string broken_;
};

/// Two runs: two archives of three letters each, two journal entries.
class CheckTest : public testing::Test {
protected:
    CheckTest()
    {
        const auto writing = world.open();
        for (std::uint32_t uid = 1; uid <= 3; ++uid)
            server.messages[uid] = {ledger::letter(static_cast<int>(uid)), {}};
        ledger::back_up(*writing, server);
        for (std::uint32_t uid = 4; uid <= 6; ++uid)
            server.messages[uid] = {ledger::letter(static_cast<int>(uid)), {}};
        ledger::back_up(*writing, server);
    }

    std::filesystem::path path_of(const std::string& name) const
    {
        return world.paths().vault / name;
    }

    std::vector<std::string> objects(const std::string& prefix) const
    {
        std::vector<std::string> names;
        for (const auto& info :
             objects::open_local_folder(world.paths().vault, false)->list(prefix))
            names.push_back(info.name);
        return names;
    }

    void write(const std::string& name, std::string_view bytes) const
    {
        std::filesystem::create_directories(path_of(name).parent_path());
        std::ofstream(path_of(name), std::ios::binary) << bytes;
    }

    std::string read(const std::string& name) const
    {
        const ByteBuffer bytes = read_file(path_of(name), 64 * mebibyte);
        return std::string(text_of(bytes));
    }

    void flip(const std::string& name, std::size_t position) const
    {
        std::string bytes = read(name);
        bytes.at(position) ^= 0x10;
        write(name, bytes);
    }

    CheckReport keyless() const { return check(*world.open(Ledger::Mode::read), {}); }
    CheckReport with_key(unsigned percent = 0) const
    {
        return check(*world.open(Ledger::Mode::read),
                     {.keys = &world.keys(), .read_data_percent = percent, .progress = {}});
    }

    ledger::World world;
    ledger::Server server;
};

std::vector<std::string> kinds(const CheckReport& report)
{
    std::vector<std::string> words;
    for (const Finding& finding : report.findings)
        words.push_back(finding.kind);
    return words;
}

TEST_F(CheckTest, AWholeVaultIsClean)
{
    const CheckReport report = keyless();
    EXPECT_THAT(kinds(report), IsEmpty());
    EXPECT_EQ(report.exit_code(), 0);
    EXPECT_EQ(report.verdict(), "clean");
    EXPECT_EQ(report.messages, 6U);
    EXPECT_EQ(report.objects, 2U + 2U + 2U + 5U) << "slots, entries, archives, root log";
    EXPECT_FALSE(report.with_key);
    EXPECT_EQ(world.open(Ledger::Mode::read)->catalog().verified_messages(ledger::anna), 6U);
}

TEST_F(CheckTest, WithAKeyEveryMessageIsReadBackWhenAsked)
{
    EXPECT_EQ(with_key().read_messages, 0U);
    const CheckReport all = with_key(100);
    EXPECT_THAT(kinds(all), IsEmpty());
    EXPECT_TRUE(all.with_key);
    EXPECT_EQ(all.read_messages, 6U);
    EXPECT_EQ(with_key(1).read_messages, 3U) << "at least one archive";
}

TEST_F(CheckTest, ProgressEndsAtEverythingThatIsHashed)
{
    std::uint64_t last = 0;
    std::uint64_t all = 0;
    static_cast<void>(check(*world.open(Ledger::Mode::read),
                            {.progress = [&](std::uint64_t done, std::uint64_t of) {
                                EXPECT_GE(done, last);
                                last = done;
                                all = of;
                            }}));
    EXPECT_GT(last, 0U);
    EXPECT_LE(last, all);
}

TEST_F(CheckTest, ABrokenArchiveNamesItsAccountsAndMessages)
{
    const std::string name = objects("archives/").front();
    const std::string sound = read(name);
    const auto object = crypto::Hash::from_hex(name.substr(name.rfind('/') + 1));
    const auto ids = world.open(Ledger::Mode::read)->catalog().messages_in(object.value());
    ASSERT_THAT(ids, SizeIs(3));
    const std::map<std::string, std::function<void()>> table{
        {"missing", [&] { std::filesystem::remove(path_of(name)); }},
        {"truncated", [&] { write(name, sound.substr(0, sound.size() - 1)); }},
        {"damaged", [&] { flip(name, sound.size() / 2); }},
    };
    for (const auto& [kind, break_it] : table) {
        break_it();
        const CheckReport report = keyless();
        ASSERT_THAT(kinds(report), ElementsAre(kind));
        const Finding& finding = report.findings[0];
        EXPECT_EQ(finding.object, name);
        EXPECT_EQ(report.exit_code(), 3);
        EXPECT_THAT(finding.accounts, ElementsAre("anna@example.com"));
        EXPECT_THAT(finding.messages, testing::UnorderedElementsAreArray(ids));
        EXPECT_THAT(finding.next, HasSubstr("mailhold backup"));
        EXPECT_EQ(report.messages, 3U);
        EXPECT_EQ(world.open(Ledger::Mode::read)->catalog().verified_messages(ledger::anna), 3U);
        write(name, sound);
    }
    EXPECT_EQ(keyless().exit_code(), 0);
}

TEST_F(CheckTest, ALongerArchiveIsDamaged)
{
    const std::string name = objects("archives/").front();
    write(name, read(name) + "x");
    EXPECT_THAT(kinds(keyless()), ElementsAre("damaged"));
}

// Incompressible attachments of 3 MB: two messages a block, several blocks an archive.
TEST_F(CheckTest, WithAKeyOnlyTheMessagesOfTheBrokenBlockAreLost)
{
    const std::vector<std::string> before = objects("archives/");
    {
        const auto writing = world.open();
        for (int n = 11; n <= 16; ++n)
            server.messages[static_cast<std::uint32_t>(n)] = {
                ledger::letter_with_attachment(n, n, 3'000'000), {}};
        ledger::back_up(*writing, server);
    }
    std::string name;
    for (const std::string& candidate : objects("archives/"))
        if (std::find(before.begin(), before.end(), candidate) == before.end())
            name = candidate;
    ASSERT_FALSE(name.empty());
    flip(name, 500'000);  // well within the first block

    const CheckReport without = keyless();
    ASSERT_THAT(without.findings, SizeIs(1));
    EXPECT_THAT(without.findings[0].messages, SizeIs(6));

    const CheckReport report = with_key();
    ASSERT_THAT(kinds(report), ElementsAre("damaged"));
    EXPECT_EQ(report.exit_code(), 3);
    const std::vector<crypto::ContentId>& lost = report.findings[0].messages;
    EXPECT_GT(lost.size(), 0U);
    EXPECT_LT(lost.size(), 6U);
    EXPECT_EQ(report.findings[0].messages_elsewhere, 6U - lost.size());
    EXPECT_EQ(report.messages, 12U - lost.size());

    const auto reading = world.open(Ledger::Mode::read);
    const auto object = crypto::Hash::from_hex(name.substr(name.rfind('/') + 1));
    ledger::Library library(reading->store(), world.keys(), reading->catalog());
    for (const crypto::ContentId& id : reading->catalog().messages_in(object.value())) {
        const bool is_lost = std::find(lost.begin(), lost.end(), id) != lost.end();
        EXPECT_EQ(test::kind_thrown_by([&] { return library.message(id); }).has_value(), is_lost);
    }
}

// One attachment of two messages is stored once, in the first one's archive.
TEST_F(CheckTest, ASharedAttachmentInABrokenArchiveIsNoTamperingWithTheOther)
{
    std::vector<std::string> before = objects("archives/");
    const auto back_up_letter = [&](std::uint32_t uid) {
        const int n = static_cast<int>(uid);
        server.messages[uid] = {ledger::letter_with_attachment(n, 1), {}};
        ledger::back_up(*world.open(), server);
    };
    back_up_letter(11);
    std::string name;
    for (const std::string& candidate : objects("archives/"))
        if (std::ranges::find(before, candidate) == before.end())
            name = candidate;
    back_up_letter(12);
    ASSERT_FALSE(name.empty());
    flip(name, read(name).size() / 2);

    const CheckReport report = with_key(100);
    EXPECT_THAT(kinds(report), ElementsAre("damaged"));
    EXPECT_EQ(report.findings.at(0).object, name);
    EXPECT_THAT(report.findings.at(0).messages, SizeIs(2));
    EXPECT_EQ(report.exit_code(), 3);
}

TEST_F(CheckTest, WhatDoesNotBelongIsHarmlessAndListed)
{
    const std::string orphan = "archives/ab/ab" + std::string(62, '0');
    const std::string junk = "journal/" + world.open(Ledger::Mode::read)->kit().writer.hex() + "/x";
    write(orphan, "x");
    write("tmp/left-over", "x");
    write("notes.txt", "x");
    write(junk, "x");
    const CheckReport report = keyless();
    std::map<std::string, std::string> found;
    for (const Finding& finding : report.findings)
        found[finding.object] = finding.kind;
    const std::map<std::string, std::string> wanted{{orphan, "orphan"},
                                                    {"tmp/left-over", "leftover"},
                                                    {"notes.txt", "stranger"},
                                                    {junk, "stranger"}};
    EXPECT_EQ(found, wanted);
    EXPECT_EQ(report.exit_code(), 0);
}

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

TEST_F(CheckTest, ALostSlotIsDamageWithoutLostMail)
{
    std::filesystem::remove(path_of(objects("keys/").front()));
    const CheckReport report = keyless();
    ASSERT_THAT(kinds(report), ElementsAre("missing"));
    EXPECT_EQ(report.exit_code(), 3);
    EXPECT_THAT(report.findings[0].messages, IsEmpty());
    EXPECT_THAT(report.findings[0].next, HasSubstr("mailhold key add"));
}

// One failed read is never "missing".
TEST_F(CheckTest, WhatCannotBeReadIsCalledUnreadable)
{
    for (const std::string& name : {objects("archives/").front(), objects("journal/").front()}) {
        Ledger reading(std::make_unique<FailingStore>(world.paths().vault, name),
                       world.paths().state, Ledger::Mode::read);
        const CheckReport report = check(reading, {});
        EXPECT_EQ(report.exit_code(), 5) << name;
        ASSERT_FALSE(report.findings.empty());
        EXPECT_EQ(report.findings[0].kind, "unreadable");
        EXPECT_THAT(report.findings[0].accounts, ElementsAre("anna@example.com"));
    }
}

TEST_F(CheckTest, FindingsComeGravestFirst)
{
    write("notes.txt", "x");
    flip(objects("archives/").front(), 400);
    std::filesystem::remove(path_of(objects("journal/").back()));
    EXPECT_THAT(kinds(keyless()), ElementsAre("rollback", "damaged", "stranger"));
}

}  // namespace
}  // namespace mailhold::upkeep
