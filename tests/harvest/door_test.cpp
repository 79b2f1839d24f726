// The way in: refused credentials are not tried again too soon, and waiting can be stopped.

#include "harvest_fixture.hpp"

namespace mailhold::harvest {
namespace {

using test::SmallServer;

class DoorTest : public HarvestTest {
protected:
    DoorTest()
    {
        server.folders["INBOX"].add(mail(1));
        at_time("2026-03-09T08:00:00Z");
    }
    SmallServer server;
};

TEST_F(DoorTest, RefusedCredentialsAreNotTriedAgainForAQuarterOfAnHour)
{
    server.refused_logins = 1;
    EXPECT_EQ(run(plan_for(server)).error.value().failure_class, "credentials");
    EXPECT_EQ(server.logins, 1) << "a refused password is not tried a second time";

    at_time("2026-03-09T08:14:59Z");
    const AccountReport kept_out = run(plan_for(server));
    EXPECT_FALSE(kept_out.ok);
    EXPECT_EQ(kept_out.error.value().failure_class, "credentials");
    EXPECT_THAT(kept_out.error.value().hint, testing::HasSubstr("another 1 min"));
    EXPECT_EQ(server.logins, 1);

    at_time("2026-03-09T08:15:00Z");
    EXPECT_TRUE(run(plan_for(server)).ok);
    EXPECT_EQ(server.logins, 2);
}

TEST_F(DoorTest, AGoodLoginForgetsTheRefusal)
{
    server.refused_logins = 1;
    run(plan_for(server));
    at_time("2026-03-09T09:00:00Z");
    EXPECT_TRUE(run(plan_for(server)).ok);
    at_time("2026-03-09T08:01:00Z");  // within a quarter of an hour of the refusal
    EXPECT_TRUE(run(plan_for(server)).ok);
}

TEST_F(DoorTest, AClockThatWentBackKeepsNobodyOut)
{
    server.refused_logins = 1;
    run(plan_for(server));
    at_time("2026-03-09T07:00:00Z");
    EXPECT_TRUE(run(plan_for(server)).ok);
}

// No server refused anything: when the command is mended, the next run may start at once.
TEST_F(DoorTest, AMissingPasswordOnThisHostIsNotRememberedAsARefusal)
{
    AccountPlan plan = plan_for(server);
    plan.access.secret = []() -> crypto::SecretBytes {
        throw Error(ErrorKind::refused, "the command for its password failed", "run it by hand");
    };
    EXPECT_EQ(run(plan).error.value().failure_class, "credentials");
    EXPECT_TRUE(run(plan_for(server)).ok);
}

TEST_F(DoorTest, TryLoginCountsFolders)
{
    server.folders["Sent"];
    EXPECT_EQ(try_login(plan_for(server).access, {}), 2U);
    EXPECT_EQ(catalog().accounts().size(), 0U) << "it saves nothing";
}

TEST(Door, WaitingEndsWhenAskedToStop)
{
    std::stop_source source;
    source.request_stop();
    try {
        imap::wait_for(std::chrono::minutes(5), source.get_token());
        FAIL() << "it went on";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::interrupted);
    }
    EXPECT_NO_THROW(imap::wait_for(std::chrono::milliseconds(1), {}));
}

}  // namespace
}  // namespace mailhold::harvest
