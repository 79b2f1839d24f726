// Whole runs against a small server: what comes into the vault, what is said about the rest.

#include "harvest_fixture.hpp"

namespace mailhold::harvest {
namespace {

using test::Quirk;
using test::ServedFolder;
using test::SmallServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RunTest : public HarvestTest {
protected:
    SmallServer server;
};

TEST_F(RunTest, EverythingComesInAndASecondRunFetchesNothing)
{
    for (int i = 1; i <= 3; ++i)
        server.folders["INBOX"].add(mail(i), i == 2 ? "\\Seen" : "");
    server.folders["Sent"].add(mail(9));
    const AccountReport first = run(plan_for(server));
    EXPECT_TRUE(first.ok);
    EXPECT_EQ(first.tally.new_messages, 4U);
    EXPECT_EQ(first.server_messages, 4U);
    EXPECT_EQ(first.archived_messages, 4U);
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 3));

    server.bodies_sent.clear();
    const AccountReport second = run(plan_for(server));
    EXPECT_TRUE(second.ok);
    EXPECT_EQ(second.tally.new_messages, 0U);
    EXPECT_EQ(second.archived_messages, 4U);
    EXPECT_THAT(server.bodies_sent, IsEmpty());
}

TEST_F(RunTest, WhatWasRefusedOnceIsTriedAgainInTheNextRun)
{
    ServedFolder& inbox = server.folders["INBOX"];
    for (int i = 1; i <= 5; ++i)
        inbox.add(mail(i));
    inbox.messages[3].quirk = Quirk::refuse;
    const AccountReport first = run(plan_for(server));
    EXPECT_TRUE(first.ok);
    ASSERT_EQ(first.failed.size(), 1U);
    EXPECT_EQ(first.failed[0].uid, Uid{3});
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 4, 5));

    inbox.messages[3].quirk = Quirk::none;
    const AccountReport second = run(plan_for(server));
    EXPECT_THAT(second.failed, IsEmpty());
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(RunTest, ANewFolderHasTheUidValidityItIsOpenedWith)
{
    ServedFolder& inbox = server.folders["INBOX"];
    inbox.add(mail(1));
    inbox.settles_on = 8;
    EXPECT_TRUE(run(plan_for(server)).ok);
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1));

    inbox.add(mail(2));
    const AccountReport second = run(plan_for(server));
    EXPECT_TRUE(second.ok);
    EXPECT_EQ(second.tally.new_messages, 1U);  // the folder is known, and so is its first message
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2));
}

TEST_F(RunTest, AKnownFolderThatChangesItsUidValidityWhileItIsOpenedWaitsForTheNextRun)
{
    ServedFolder& inbox = server.folders["INBOX"];
    inbox.add(mail(1));
    run(plan_for(server));
    inbox.add(mail(2));
    inbox.settles_on = 8;
    const AccountReport report = run(plan_for(server));
    EXPECT_FALSE(report.ok);
    EXPECT_THAT(report.warnings,
                testing::Contains(HasSubstr("UIDVALIDITY of folder 'INBOX' changed")));
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1));
    EXPECT_TRUE(run(plan_for(server)).ok);
}

TEST_F(RunTest, AFailedMessageThatWentIsNotReportedForEver)
{
    ServedFolder& inbox = server.folders["INBOX"];
    inbox.add(mail(1));
    inbox.add(mail(2));
    inbox.messages[2].quirk = Quirk::refuse;
    run(plan_for(server));
    const auto key = folder("INBOX").key;
    EXPECT_EQ(catalog().failed_uids(key).size(), 1U);
    inbox.messages.erase(2);
    run(plan_for(server));
    EXPECT_THAT(catalog().failed_uids(key), IsEmpty());
}

TEST_F(RunTest, AMessageWithoutABodyIsFailedAndTheOthersCome)
{
    ServedFolder& inbox = server.folders["INBOX"];
    for (int i = 1; i <= 3; ++i)
        inbox.add(mail(i));
    inbox.messages[2].quirk = Quirk::no_body;
    const AccountReport report = run(plan_for(server));
    ASSERT_EQ(report.failed.size(), 1U);
    EXPECT_THAT(report.failed[0].why, HasSubstr("no body"));
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 3));
}

TEST_F(RunTest, AMessageThatWasListedButNotGivenIsAskedForAgain)
{
    ServedFolder& inbox = server.folders["INBOX"];
    for (int i = 1; i <= 3; ++i)
        inbox.add(mail(i));
    inbox.messages[2].quirk = Quirk::not_given;
    inbox.messages[2].times = 1;
    EXPECT_TRUE(run(plan_for(server)).ok);
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 3));
    EXPECT_TRUE(run(plan_for(server)).ok);
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 3));
}

TEST_F(RunTest, AWrongSizeAndAnEmptyMessageAreStoredAndMentioned)
{
    ServedFolder& inbox = server.folders["INBOX"];
    inbox.add(mail(1));
    inbox.messages[1].quirk = Quirk::wrong_size;
    inbox.add("");
    const AccountReport report = run(plan_for(server));
    EXPECT_TRUE(report.ok);
    EXPECT_EQ(report.archived_messages, 2U);
    EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("wrong size for 1 of 2"),
                                             HasSubstr("1 of 2 messages are empty")));
}

TEST_F(RunTest, AFolderThatCannotBeReadKeepsNoOtherOutAndIsNoGoodRun)
{
    server.folders["A"].add(mail(1));
    server.folders["B"].add(mail(2));
    server.folders["C"].add(mail(3));
    server.folders["B"].refuses = true;
    const AccountReport report = run(plan_for(server));
    EXPECT_EQ(report.tally.new_messages, 2U);
    EXPECT_FALSE(report.ok);
    ASSERT_TRUE(report.error);
    EXPECT_THAT(report.error->text, HasSubstr("'B'"));

    server.folders["B"].refuses = false;
    EXPECT_TRUE(run(plan_for(server)).ok);
    EXPECT_THAT(live_uids("B"), ElementsAre(1));
}

TEST_F(RunTest, AnExcludedFolderIsNeitherFetchedNorCalledGone)
{
    server.folders["INBOX"].add(mail(1));
    server.folders["Spam"].add(mail(2));
    AccountPlan plan = plan_for(server);
    run(plan);
    plan.exclude = {"Spam"};
    const AccountReport report = run(plan);
    EXPECT_TRUE(report.ok);
    EXPECT_FALSE(folder("Spam").gone);
    EXPECT_EQ(report.server_messages, 1U);
    EXPECT_EQ(report.archived_messages, 1U) << "what is left out is not counted as archived";
}

TEST_F(RunTest, ARenamedFolderIsNotFetchedAgain)
{
    server.folders["Old"].uid_validity = 5;
    for (int i = 1; i <= 12; ++i)
        server.folders["Old"].add(mail(i));
    run(plan_for(server));
    const auto before = folder("Old").key;
    server.folders["New"] = server.folders["Old"];
    server.folders.erase("Old");
    server.bodies_sent.clear();
    const AccountReport report = run(plan_for(server));
    EXPECT_TRUE(report.ok);
    EXPECT_THAT(server.bodies_sent, IsEmpty());
    EXPECT_EQ(folder("New").key, before);
    EXPECT_THAT(report.purges, IsEmpty());
}

// A folder with the same UIDVALIDITY whose first messages are copies of a deleted folder's: it is
// no rename, and its other messages must come in.
TEST_F(RunTest, AFolderThatOnlyBeginsLikeADeletedOneIsNew)
{
    for (int i = 1; i <= 30; ++i)
        server.folders["Old"].add(mail(i));
    run(plan_for(server));
    ServedFolder other = server.folders["Old"];
    for (std::uint32_t uid = 6; uid <= 30; ++uid)
        other.messages[uid].body = mail(100 + static_cast<int>(uid)) + "different\r\n";
    server.folders.erase("Old");
    server.folders["New"] = other;
    const AccountReport report = run(plan_for(server));
    EXPECT_EQ(report.tally.new_messages, 25U);
}

TEST_F(RunTest, ANewUidValidityIsFetchedAgainAndStoredOnce)
{
    for (int i = 1; i <= 3; ++i)
        server.folders["INBOX"].add(mail(i));
    run(plan_for(server));
    server.folders["INBOX"].uid_validity = 2;
    const AccountReport report = run(plan_for(server));
    EXPECT_TRUE(report.ok);
    EXPECT_EQ(report.tally.new_messages, 0U);
    EXPECT_EQ(report.tally.known_messages, 3U);
    EXPECT_THAT(report.purges, IsEmpty());
    EXPECT_EQ(catalog().totals().messages, 3U);
}

TEST_F(RunTest, AnEmptiedFolderIsAPurgeThatIsReportedAndRecorded)
{
    server.folders["\x80raw"].uid_validity = 3;  // a name that is no UTF-8
    for (int i = 1; i <= 30; ++i)
        server.folders["\x80raw"].add(mail(i));
    ASSERT_TRUE(run(plan_for(server)).ok);
    server.folders["\x80raw"].messages.clear();
    const AccountReport report = run(plan_for(server));
    EXPECT_TRUE(report.ok);
    ASSERT_EQ(report.purges.size(), 1U);
    EXPECT_EQ(report.purges[0].count, 30U);
    EXPECT_EQ(report.purges[0].of, 30U);
    EXPECT_EQ(catalog().records("purge").size(), 1U);
    EXPECT_EQ(catalog().totals().messages, 30U);
}

TEST_F(RunTest, MailMovedToAnotherFolderIsNoPurge)
{
    for (int i = 1; i <= 30; ++i)
        server.folders["INBOX"].add(mail(i));
    run(plan_for(server));
    for (auto& [uid, message] : server.folders["INBOX"].messages)
        server.folders["2024"].add(message.body);
    server.folders["INBOX"].messages.clear();
    const AccountReport report = run(plan_for(server));
    EXPECT_TRUE(report.ok);
    EXPECT_EQ(report.tally.gone, 30U);
    EXPECT_THAT(report.purges, IsEmpty());
}

TEST_F(RunTest, OneBadAccountLeavesTheOthersAlone)
{
    server.folders["INBOX"].add(mail(1));
    AccountPlan unreachable = plan_for(server, "gone@example.com");
    unreachable.access.endpoint.port = 1;
    AccountPlan no_secret = plan_for(server, "nosecret@example.com");
    no_secret.access.secret = []() -> crypto::SecretBytes {
        throw Error(ErrorKind::damaged, "the secret store is broken", "mend it");
    };
    const RunReport report = run({unreachable, no_secret, plan_for(server)});
    EXPECT_FALSE(report.ok());
    EXPECT_EQ(report.accounts.at(0).error.value().failure_class, "unreachable");
    EXPECT_EQ(report.accounts.at(1).error.value().hint, "mend it");
    EXPECT_TRUE(report.accounts.at(2).ok);
    EXPECT_EQ(report.accounts.at(2).archived_messages, 1U);
}

}  // namespace
}  // namespace mailhold::harvest
