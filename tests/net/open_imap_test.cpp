#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "loopback_server.hpp"
#include "mailhold/base/encoding.hpp"

namespace mailhold::net {
namespace {

using test::LoopbackServer;
using test::Peer;

const Login ann{.user = "ann", .secret = "s3cret-word"};
const Timeouts quick{.connect = std::chrono::milliseconds(1500)};

std::optional<ConnectError> failure(const Endpoint& endpoint, const Login& login = ann)
{
    try {
        Connection::open_imap(endpoint, login, quick, {});
    } catch (const ConnectError& e) {
        return e;
    }
    return {};
}

/// Of a server on loopback that plays `part`.
std::optional<ConnectError> failure_of(std::function<void(Peer&)> part, Tls tls = Tls::none,
                                       const Login& login = ann)
{
    const LoopbackServer server(std::move(part));
    return failure(server.endpoint(tls), login);
}

TEST(OpenImap, LogsInWithPlain)
{
    test::Note heard;
    const LoopbackServer server([&](Peer& peer) {
        peer.say("* OK ready\r\n");
        peer.answer("* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=NTLM AUTH=DIGEST-MD5 SASL-IR\n$ OK\n");
        peer.answer("$ OK logged in\n", &heard);
        peer.stay_silent();
    });
    const auto connection = Connection::open_imap(server.endpoint(), ann, quick, {});
    EXPECT_TRUE(connection->is_loopback());
    using namespace std::string_literals;
    EXPECT_EQ(heard.text().substr(5),
              "AUTHENTICATE PLAIN " + to_base64(bytes_of("\0ann\0s3cret-word"s)));
}

TEST(OpenImap, FallsBackToTheLoginCommand)
{
    test::Note heard;
    const LoopbackServer server([&](Peer& peer) {
        peer.say("* OK ready\r\n");
        peer.answer("* CAPABILITY IMAP4rev1\n$ OK\n");
        peer.answer("$ OK logged in\n", &heard);
        peer.stay_silent();
    });
    EXPECT_NO_THROW(Connection::open_imap(server.endpoint(), ann, quick, {}));
    EXPECT_EQ(heard.text().substr(5), "LOGIN ann s3cret-word");
    EXPECT_EQ(
        failure(server.endpoint(), {.user = "ann", .method = SaslMethod::xoauth2, .secret = "t"})
            ->stage(),
        ConnectStage::login);
}

TEST(OpenImap, Case19_PreauthIsTaken)
{
    const LoopbackServer server([](Peer& peer) {
        peer.say("* PREAUTH welcome\r\n");
        peer.answer("* CAPABILITY IMAP4rev1\n$ OK\n");
        peer.stay_silent();
    });
    EXPECT_NO_THROW(Connection::open_imap(server.endpoint(), ann, quick, {}));
}

TEST(OpenImap, Case19_AByeGreetingTellsWhy)
{
    const auto error =
        failure_of([](Peer& peer) { peer.say("* BYE Too many simultaneous connections\r\n"); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->stage(), ConnectStage::greeting);
    EXPECT_EQ(error->kind(), ErrorKind::unreachable);
    EXPECT_EQ(error->server_text(), "BYE Too many simultaneous connections");
}

TEST(OpenImap, Case19_AGreetingThatNeverComesIsNotAwaitedForEver)
{
    using std::chrono::milliseconds;
    const LoopbackServer server([](const Peer& peer) {
        for (int i = 0; i < 500 && !peer.over(); ++i)
            std::this_thread::sleep_for(milliseconds(10));
    });
    const auto start = std::chrono::steady_clock::now();
    const auto error = failure(server.endpoint());
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(4000));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->stage(), ConnectStage::greeting);
    EXPECT_EQ(error->kind(), ErrorKind::unreachable);
}

TEST(OpenImap, AServerThatIsNoImapServerIsTold)
{
    EXPECT_EQ(failure_of([](Peer& peer) { peer.say("220 smtp ready\r\n"); })->stage(),
              ConnectStage::greeting);
    EXPECT_EQ(failure_of([](Peer&) {})->stage(), ConnectStage::greeting) << "hangs up at once";
}

TEST(OpenImap, ARefusedLoginGivesTheServersWords)
{
    const auto error = failure_of([](Peer& peer) {
        peer.say("* OK ready\r\n");
        peer.answer("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\n$ OK\n");
        peer.answer("* NO [WEBALERT https://x] Web login required.\n"
                    "$ NO [AUTHENTICATIONFAILED] wrong: s3cret-word\n");
        peer.stay_silent();
    });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->stage(), ConnectStage::login);
    EXPECT_EQ(error->kind(), ErrorKind::refused);
    EXPECT_EQ(error->server_text(), "NO [WEBALERT https://x] Web login required.\n"
                                    "NO [AUTHENTICATIONFAILED] wrong: …");
    EXPECT_EQ(std::string(error->what()).find("s3cret"), std::string::npos) << error->what();
}

TEST(OpenImap, ARefusedTokenGivesTheDecodedReason)
{
    const std::string reason = R"({"status":"400","schemes":"Bearer"})";
    test::Note heard;
    const auto part = [&](Peer& peer) {
        peer.say("* OK ready\r\n");
        peer.answer("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR\n$ OK\n");
        peer.answer("+ " + to_base64(bytes_of(reason)) + "\n", &heard);
        peer.answer("");
        peer.stay_silent();
    };
    for (const auto method : {SaslMethod::xoauth2, SaslMethod::oauthbearer}) {
        const auto error =
            failure_of(part, Tls::none, {.user = "ann", .method = method, .secret = "tok3n"});
        ASSERT_TRUE(error);
        EXPECT_EQ(error->stage(), ConnectStage::login);
        EXPECT_EQ(error->kind(), ErrorKind::refused);
        EXPECT_EQ(error->server_text(), reason);
        EXPECT_NE(heard.text().find(method == SaslMethod::xoauth2 ? "XOAUTH2" : "OAUTHBEARER"),
                  std::string::npos);
    }
}

TEST(OpenImap, LoginDisabledIsARefusal)
{
    const auto error = failure_of([](Peer& peer) {
        peer.say("* OK ready\r\n");
        peer.answer("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\n$ OK\n");
        peer.stay_silent();
    });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::refused);
    EXPECT_EQ(error->server_text(), "NO LOGINDISABLED");
}

TEST(OpenImap, WithoutStarttlsNoPasswordIsSent)
{
    std::vector<std::string> heard;
    const auto error = failure_of(
        [&](Peer& peer) {
            peer.say("* OK ready\r\n");
            peer.answer("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\n$ OK\n");
            for (auto line = peer.hear(); !line.empty(); line = peer.hear())
                heard.push_back(line);
        },
        Tls::starttls);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->stage(), ConnectStage::tls);
    EXPECT_EQ(error->kind(), ErrorKind::unreachable);
    EXPECT_TRUE(heard.empty());
}

TEST(OpenImap, APlainPortAnswersNoTls)
{
    const auto error = failure_of([](Peer& peer) { peer.say("* OK ready\r\n"); }, Tls::implicit);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->stage(), ConnectStage::tls);
}

TEST(OpenImap, NoNameAndNoPortAreToldApart)
{
    EXPECT_EQ(failure({.host = "no-such-host.invalid", .port = 993})->stage(),
              ConnectStage::resolve);
    std::uint16_t closed_port = 0;
    {
        const LoopbackServer server([](Peer&) {});
        closed_port = server.port();
    }
    const Endpoint closed{.host = "127.0.0.1", .port = closed_port, .tls = Tls::none};
    EXPECT_EQ(failure(closed)->stage(), ConnectStage::connect);
    Endpoint proxied = closed;
    proxied.proxy = "socks5://127.0.0.1:" + std::to_string(closed_port);
    EXPECT_EQ(failure(proxied)->stage(), ConnectStage::proxy);
}

TEST(OpenImap, ARefusingProxyIsTold)
{
    const LoopbackServer proxy([](Peer& peer) {
        peer.hear();
        peer.say("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
    const auto error = failure({.host = "mail.example",
                                .port = 993,
                                .proxy = "http://127.0.0.1:" + std::to_string(proxy.port())});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->stage(), ConnectStage::proxy);
    EXPECT_NE(std::string(error->what()).find("403"), std::string::npos) << error->what();
}

TEST(OpenImap, GoesThroughAnHttpProxy)
{
    std::string asked;
    const LoopbackServer proxy([&](Peer& peer) {
        asked = peer.hear();
        for (auto line = peer.hear(); !line.empty(); line = peer.hear())
            ;
        peer.say("HTTP/1.1 200 Connection established\r\n\r\n");
        peer.log_in();
        peer.stay_silent();
    });
    const auto connection =
        Connection::open_imap({.host = "mail.example",
                               .port = 143,
                               .tls = Tls::none,
                               .proxy = "http://127.0.0.1:" + std::to_string(proxy.port())},
                              ann, quick, {});
    EXPECT_EQ(asked, "CONNECT mail.example:143 HTTP/1.1");
    EXPECT_FALSE(connection->is_loopback()) << "the proxy is near, the server may be far";
}

TEST(OpenImap, TheEnvironmentsProxyIsIgnored)
{
    const LoopbackServer server([](Peer& peer) {
        peer.log_in();
        peer.stay_silent();
    });
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    EXPECT_NO_THROW(Connection::open_imap(server.endpoint(), ann, quick, {}));
    unsetenv("all_proxy");
}

TEST(OpenImap, BadConfigurationIsAUsageError)
{
    const auto kind = [](const Endpoint& endpoint, const Login& login) {
        try {
            Connection::open_imap(endpoint, login, quick, {});
        } catch (const Error& e) {
            return e.kind();
        }
        return ErrorKind::bug;
    };
    EXPECT_EQ(kind({.host = "a b/c"}, ann), ErrorKind::usage);
    EXPECT_EQ(kind({.host = ""}, ann), ErrorKind::usage);
    EXPECT_EQ(kind({.host = "h"}, {.user = "ann", .secret = std::string_view("a\0b", 3)}),
              ErrorKind::usage);
}

TEST(OpenImap, AStopRequestEndsConnecting)
{
    const LoopbackServer server([](Peer& peer) { peer.stay_silent(); });
    std::stop_source stop;
    const std::jthread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stop.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    try {
        Connection::open_imap(server.endpoint(), ann, {}, stop.get_token());
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::interrupted);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace mailhold::net
