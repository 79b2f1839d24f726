// Sessions that break while mail is fetched: what is complete stays, the rest goes on, and one bad
// message costs only itself.

#include "harvest_fixture.hpp"

namespace mailhold::harvest {
namespace {

using test::Quirk;
using test::ServedFolder;
using test::SmallServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ConnectionTrouble : public HarvestTest {
protected:
    ConnectionTrouble()
    {
        for (int i = 1; i <= 5; ++i)
            inbox().add(mail(i));
    }
    ServedFolder& inbox() { return server.folders["INBOX"]; }

    std::vector<std::uint32_t> uids_sent() const
    {
        std::vector<std::uint32_t> uids;
        for (const auto& [name, uid] : server.bodies_sent)
            uids.push_back(uid);
        return uids;
    }

    SmallServer server;
};

TEST_F(ConnectionTrouble, ALostConnectionGoesOnWithWhatIsLeft)
{
    inbox().messages[3].quirk = Quirk::hang_up;
    inbox().messages[3].times = 1;
    const AccountReport report = run(plan_for(server));
    EXPECT_TRUE(report.ok);
    EXPECT_THAT(report.failed, IsEmpty());
    EXPECT_EQ(server.logins, 2);
    EXPECT_THAT(uids_sent(), testing::UnorderedElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(ConnectionTrouble, AMessageAtWhichTheServerAlwaysHangsUpCostsOnlyItself)
{
    inbox().messages[3].quirk = Quirk::hang_up;
    const AccountReport report = run(plan_for(server));
    EXPECT_FALSE(report.ok);
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->failure_class, "unreachable");
    EXPECT_THAT(report.error->text, HasSubstr("UID 3"));
    ASSERT_EQ(report.failed.size(), 1U);
    EXPECT_EQ(report.failed[0].uid, Uid{3});
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 4, 5));

    inbox().messages[3].quirk = Quirk::none;
    EXPECT_TRUE(run(plan_for(server)).ok);
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(ConnectionTrouble, AnAnswerThatBreaksTheProtocolCostsOnlyItsMessage)
{
    inbox().messages[2].quirk = Quirk::garbage;
    const AccountReport report = run(plan_for(server));
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->failure_class, "protocol");
    ASSERT_EQ(report.failed.size(), 1U);
    EXPECT_EQ(report.failed[0].uid, Uid{2});
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 3, 4, 5));
}

TEST_F(ConnectionTrouble, AnAnswerThatBreaksTheProtocolOnceIsForgiven)
{
    inbox().messages[2].quirk = Quirk::garbage;
    inbox().messages[2].times = 1;
    const AccountReport report = run(plan_for(server));
    EXPECT_TRUE(report.ok);
    EXPECT_THAT(report.failed, IsEmpty());
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(ConnectionTrouble, AServerThatAlwaysHangsUpEndsTheAccountSoon)
{
    for (auto& [uid, message] : inbox().messages)
        message.quirk = Quirk::hang_up;
    for (int i = 6; i <= 60; ++i)
        inbox().messages[inbox().add(mail(i))].quirk = Quirk::hang_up;
    const AccountReport report = run(plan_for(server));
    EXPECT_FALSE(report.ok);
    EXPECT_LE(report.failed.size(), 25U);
    EXPECT_LE(server.logins, 60);
}

TEST_F(ConnectionTrouble, ThrottlingEndsTheAccountAndBlamesNoMessage)
{
    server.on_body_command = " NO [LIMIT] Account exceeded command or bandwidth limits.";
    const AccountReport report = run(plan_for(server));
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->failure_class, "throttled");
    EXPECT_THAT(report.failed, IsEmpty());
    EXPECT_TRUE(run(plan_for(server)).ok);
    EXPECT_THAT(live_uids("INBOX"), ElementsAre(1, 2, 3, 4, 5));
}

}  // namespace
}  // namespace mailhold::harvest
