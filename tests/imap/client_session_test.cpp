#include <gmock/gmock.h>

#include "imap/scripted_connection.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

using test::kind_thrown_by;
using test::Script;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string text_thrown_by(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& e) {
        return e.what();
    }
    return {};
}

TEST(ClientSession, Case52_IdComesBeforeAnyFolder)
{
    Script script("IMAP4rev1 ID ENABLE QRESYNC CONDSTORE COMPRESS=DEFLATE");
    script.client();
    EXPECT_THAT(script.sent,
                ElementsAre("NOOP", "CAPABILITY", StartsWith("ID (\"name\" \"mailhold\""),
                            "ENABLE QRESYNC", "EXAMINE \"INBOX\" (CONDSTORE)"));
}

TEST(ClientSession, NothingThatIsNotAdvertisedIsSent)
{
    Script script("IMAP4rev1");
    const auto client = script.client();
    EXPECT_THAT(script.sent, ElementsAre("NOOP", "CAPABILITY", "EXAMINE \"INBOX\""));
    EXPECT_TRUE(client->has("imap4REV1"));
    EXPECT_FALSE(client->has("ID"));
}

TEST(ClientSession, KnownBrokenCapabilitiesAreIgnored)
{
    Script script("IMAP4rev1 ID CONDSTORE");
    const auto client = script.client(true, {.ignored_capabilities = {"Condstore"}});
    EXPECT_FALSE(client->has("CONDSTORE"));
    EXPECT_EQ(script.sent.back(), "EXAMINE \"INBOX\"");
}

TEST(ClientSession, ARefusedIdMeansNothing)
{
    Script script("IMAP4rev1 ID");
    script.on("ID", "$ NO never heard of it\n");
    EXPECT_NO_THROW(script.client());
}

TEST(ClientSession, QresyncWithoutEnabledIsNotUsed)
{
    Script script("IMAP4rev1 ENABLE QRESYNC CONDSTORE");
    script.on("ENABLE", "$ OK\n");
    auto client = script.client();
    client->examine("INBOX", QresyncCursor{UidValidity{7}, ModSeq{5}});
    EXPECT_EQ(script.sent.back(), "EXAMINE \"INBOX\" (CONDSTORE)");
}

// What libcurl swallowed is missing at the front, at any byte; what is left goes to the dustbin.
TEST(ClientSession, ALostBeginningIsSkipped)
{
    Script script;
    script.on("NOOP", "ABILITY IMAP4rev1 {99}\n* 3 EXISTS\nmh11 is not it\n$ OK\n");
    script.piece_bytes = 3;
    EXPECT_NO_THROW(script.client());

    script.on("NOOP", std::string(100'000, 'x'));
    EXPECT_EQ(kind_thrown_by([&] { script.client(); }), ErrorKind::malformed);
    Script bye;
    bye.on("NOOP", "* BYE Session expired\n");
    EXPECT_EQ(text_thrown_by([&] { bye.client(); }),
              "the server ended the session: BYE Session expired");
}

TEST(ClientSession, ByeEndsTheSession)
{
    Script script;
    auto client = script.client();
    script.on("NOOP", "* BYE Suggested Backoff Time: 3000 Milliseconds\n");
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::unreachable);
    const auto sent = script.sent.size();
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::unreachable);
    client->logout();
    EXPECT_EQ(script.sent.size(), sent) << "nothing is sent on a spent session";
}

TEST(ClientSession, ARefusalTellsTheServersWordsAndTheSessionGoesOn)
{
    Script script;
    script.on("EXAMINE \"x\"", "* NO first\n* BAD second\n$ NO [NONEXISTENT] no such folder\n");
    auto client = script.client();
    EXPECT_EQ(kind_thrown_by([&] { client->examine("x"); }), ErrorKind::refused);
    EXPECT_EQ(text_thrown_by([&] { client->examine("x"); }),
              "the server refused EXAMINE: [NONEXISTENT] no such folder; first; second");
    EXPECT_NO_THROW(client->noop());
}

TEST(ClientSession, BadSpendsTheSession)
{
    Script script;
    auto client = script.client();
    script.on("NOOP", "$ BAD Command Argument Error. 11\n");
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::unreachable);
}

TEST(ClientSession, Case53_BadThatAsksToWaitIsARefusal)
{
    Script script;
    auto client = script.client();
    script.on("NOOP", "$ BAD Request is throttled. Suggested Backoff Time: 9 Milliseconds\n");
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::refused);
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::unreachable);
}

TEST(ClientSession, Case32_AnExtraContinuationIsAProtocolError)
{
    Script script;
    auto client = script.client();
    script.on("NOOP", "+ go on\n$ OK\n");
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::malformed);
}

TEST(ClientSession, AnAnswerToNothingIsAProtocolError)
{
    Script script;
    auto client = script.client();
    script.on("NOOP", "$ OK\nmh77 OK\n");
    client->noop();
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::malformed);
}

TEST(ClientSession, Case13_MalformedCapabilityFailsTheCommand)
{
    Script script;
    script.on("CAPABILITY", "* 99999999999 EXISTS\n$ OK\n");
    EXPECT_EQ(kind_thrown_by([&] { script.client(); }), ErrorKind::malformed);
    script.on("CAPABILITY", "* CAPABILITY (((\n$ OK\n");
    EXPECT_NO_THROW(script.client()) << "strange names are names that we do not know";
}

TEST(ClientSession, LogoutEndsQuietly)
{
    Script script;
    auto client = script.client();
    client->logout();
    EXPECT_EQ(script.sent.back(), "LOGOUT");
    Script silent;
    auto other = silent.client();
    silent.on("LOGOUT", "");
    other->logout();
    EXPECT_GT(other->bytes_received(), 0U);
}

}  // namespace
}  // namespace mailhold::imap
