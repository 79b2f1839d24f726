// Cases in the journal: what is sealed, what is not, and with which state a handover begins.

#include <gmock/gmock.h>

#include "import_export/vault_fixture.hpp"
#include "mailhold/handover/case.hpp"
#include "mailhold/vault/owner.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::handover {
namespace {

using test::inbox;
using test::VaultFixture;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

Time at(const char* text)
{
    return *parse_utc(text);
}

Case sample_case(const catalog::Catalog& catalog)
{
    return {.id = new_case_id(catalog),
            .leaver = VaultFixture::anna,
            .order = {.leaver = "anna@example.com",
                      .successors = {{"carol@example.com", {}},
                                     {"bob@example.com", {"secret-customer.com"}}},
                      .folders = {"INBOX", "Customers/*"},
                      .since = at("2024-01-01T00:00:00Z"),
                      .exclude = "from:doctor",
                      .as_of = at("2026-03-01T00:00:00Z"),
                      .prefix = "Von Anna"},
            .leaver_name = "Anna 陈",
            .prefix = "Von Anna",
            .opened = at("2026-03-02T00:00:00Z"),
            .begins = at("2026-03-01T00:00:00Z"),
            .purge = at("2026-03-01T12:00:00Z"),
            .runs = {{.time = at("2026-03-02T00:00:01Z"),
                      .planned = 10,
                      .uploaded = 8,
                      .already_there = 1,
                      .verified = 8,
                      .failed = 1,
                      .missing = 1,
                      .bytes = 1'000}}};
}

class CaseTest : public testing::Test {
protected:
    vault::ReaderKeys keys()
    {
        return vault::unlock_with_passphrase(world_.ledger().store(), world_.ledger().root_log(),
                                             bytes_of("correct horse battery staple"));
    }

    /// Letters 1 to `count` arrive in the inbox, the first being `first`.
    void arrive(int day, int first, int count)
    {
        world_.run(day, [&](ledger::Intake& intake) {
            world_.describe(intake);
            for (int i = first; i < first + count; ++i)
                world_.message(intake, inbox, static_cast<std::uint32_t>(i),
                               fmt::format("Subject: {}\r\n\r\n", i));
        });
    }

    void vanish(int day, std::vector<Uid> uids, bool is_purge)
    {
        world_.run(day, [&](ledger::Intake& intake) {
            intake.event(VaultFixture::anna, vault::Gone{.fid = inbox, .uids = std::move(uids)});
            if (!is_purge)
                return;
            intake.event(VaultFixture::anna,
                         vault::Record{.space = "purge",
                                       .key = fmt::format("k{}", day),
                                       .value = Json::object({{"account", VaultFixture::anna.hex()},
                                                              {"folder", "INBOX"},
                                                              {"time", format_utc(now())},
                                                              {"count", 1},
                                                              {"of", 1}})});
        });
    }

    Beginning beginning(const char* opened)
    {
        return beginning_of(world_.catalog(), VaultFixture::anna, at(opened));
    }

    VaultFixture world_;
};

TEST_F(CaseTest, ReadsBackFromTheJournal)
{
    Case first = sample_case(world_.catalog());
    keep(world_.ledger(), first);
    Case second = sample_case(world_.catalog());
    second.opened = at("2026-02-01T00:00:00Z");
    second.order = {.leaver = "anna@example.com"};
    second.purge = {};
    keep(world_.ledger(), second);
    EXPECT_THAT(cases(world_.catalog(), keys()), ElementsAre(second, first)) << "the oldest first";
    first.closed = at("2026-03-03T00:00:00Z");
    first.runs.push_back(first.runs.front());
    keep(world_.ledger(), first);
    EXPECT_THAT(cases(world_.catalog(), keys()), ElementsAre(second, first)) << "the last counts";
}

TEST_F(CaseTest, SurvivesTheCatalog)
{
    const Case kept = sample_case(world_.catalog());
    keep(world_.ledger(), kept);
    world_.ledger().rebuild_catalog(keys(), [](std::size_t, std::size_t) {});
    EXPECT_THAT(cases(world_.catalog(), keys()), ElementsAre(kept));
}

TEST_F(CaseTest, TheCatalogTellsNothingOfCorrespondents)
{
    const Case kept = sample_case(world_.catalog());
    keep(world_.ledger(), kept);
    const auto records = world_.catalog().records(std::string(case_space));
    ASSERT_THAT(records, SizeIs(1));
    for (const char* secret : {"secret-customer", "doctor", "carol", "bob", "Anna", "anna@",
                               "Customers", "INBOX", "Von"})
        EXPECT_THAT(records[0].json, Not(HasSubstr(secret)));
    const auto known = outlines(world_.catalog());
    ASSERT_THAT(known, SizeIs(1));
    EXPECT_EQ(known[0].id, kept.id);
    EXPECT_EQ(known[0].leaver, VaultFixture::anna);
    EXPECT_EQ(known[0].runs, 1);
    EXPECT_EQ(known[0].seen, kept.runs[0].time);
    EXPECT_EQ(known[0].missing, 1);
    EXPECT_FALSE(known[0].is_closed);
}

TEST_F(CaseTest, WhatIsSealedHoldsForItsCaseOnly)
{
    const Case kept = sample_case(world_.catalog());
    const std::string json = record_of(kept, world_.ledger().kit()).value.dump();
    const vault::ReaderKeys reader = keys();
    EXPECT_EQ(case_of(kept.id, json, reader), kept);
    EXPECT_EQ(test::kind_thrown_by([&] { return case_of("000000", json, reader); }),
              ErrorKind::tampered);
    std::string other_leaver = json;
    other_leaver.at(json.find(VaultFixture::anna.hex())) = 'b';
    EXPECT_EQ(test::kind_thrown_by([&] { return case_of(kept.id, other_leaver, reader); }),
              ErrorKind::tampered);
    std::string damaged = json;
    char& sealed = damaged[json.find("sealed") + 100];
    sealed = sealed == 'A' ? 'B' : 'A';
    EXPECT_EQ(test::kind_thrown_by([&] { return case_of(kept.id, damaged, reader); }),
              ErrorKind::tampered);
    EXPECT_EQ(test::kind_thrown_by([&] { return case_of(kept.id, json, vault::ReaderKeys{}); }),
              ErrorKind::wrong_key);
}

TEST_F(CaseTest, BeginsWithTheStateOfItsOpeningWhereNothingWasPurged)
{
    arrive(1, 1, 3);
    vanish(2, {Uid{1}}, false);
    EXPECT_EQ(beginning("2026-03-05T00:00:00Z").at, at("2026-03-05T00:00:00Z"));
    EXPECT_EQ(beginning("2026-03-05T00:00:00Z").purge, std::nullopt);
}

TEST_F(CaseTest, BeginsBeforeThePurgeAndWhatVanishedOnThatDay)
{
    arrive(1, 1, 5);
    vanish(3, {Uid{1}}, false);  // an ordinary deletion
    vanish(5, {Uid{2}}, true);
    vanish(9, {Uid{3}}, true);
    const Beginning found = beginning("2026-03-10T00:00:00Z");
    EXPECT_EQ(found.purge, at("2026-03-05T12:00:00Z"));
    EXPECT_EQ(found.at, at("2026-03-05T11:59:59Z"));
}

TEST_F(CaseTest, APurgeOfLongAgoIsOver)
{
    arrive(1, 1, 5);
    vanish(5, {Uid{2}}, true);
    EXPECT_EQ(beginning("2027-03-10T00:00:00Z").purge, std::nullopt);
    EXPECT_EQ(beginning("2027-03-01T00:00:00Z").purge, at("2026-03-05T12:00:00Z"));
}

TEST_F(CaseTest, CountsWhatCameSince)
{
    arrive(1, 1, 3);
    EXPECT_EQ(messages_since(world_.catalog(), VaultFixture::anna, at("2026-03-01T12:00:00Z")), 0);
    arrive(2, 3, 3);  // letter 3 is there already
    EXPECT_EQ(messages_since(world_.catalog(), VaultFixture::anna, at("2026-03-01T12:00:00Z")), 2);
    EXPECT_EQ(messages_since(world_.catalog(), VaultFixture::anna, at("2026-02-01T00:00:00Z")), 5);
}

}  // namespace
}  // namespace mailhold::handover
