// What check says about a small vault, whole and with broken objects.

#include "check_fixture.hpp"

namespace mailhold::upkeep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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
