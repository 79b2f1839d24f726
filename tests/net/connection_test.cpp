#include <gtest/gtest.h>

#include "loopback_server.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::net {
namespace {

using std::chrono::milliseconds;
using test::kind_thrown_by;
using test::LoopbackServer;
using test::Peer;

std::unique_ptr<Connection> connected(const LoopbackServer& server,
                                      milliseconds idle = milliseconds(5000),
                                      std::stop_token stop = {})
{
    return Connection::open_imap(server.endpoint(), {.user = "ann", .secret = "s3cret-word"},
                                 {.idle = idle}, std::move(stop));
}

std::string receive_text(Connection& connection, std::size_t size)
{
    std::string text(size, '\0');
    for (std::size_t got = 0; got < size;)
        got += connection.receive(std::as_writable_bytes(std::span(text)).subspan(got), {});
    return text;
}

std::size_t receive_some(Connection& connection, const Deadline& deadline = {})
{
    std::array<std::byte, 100> buffer{};
    return connection.receive(buffer, deadline);
}

TEST(Connection, CarriesBytesBothWays)
{
    const LoopbackServer server([](Peer& peer) {
        peer.log_in();
        const std::string line = peer.hear();
        peer.say(line + line);
        peer.stay_silent();
    });
    const auto connection = connected(server);
    const std::string text(200'000, 'x');
    connection->send(bytes_of(text + "\r\n"), {});
    EXPECT_EQ(receive_text(*connection, 400'000), text + text);
}

TEST(Connection, TheEndOfTheStreamIsTold)
{
    const LoopbackServer server([](Peer& peer) {
        peer.log_in();
        peer.say("last words");
    });
    const auto connection = connected(server);
    // libcurl may have swallowed the words with the answer to the login.
    const auto all = [&] {
        for (;;)
            receive_some(*connection);
    };
    EXPECT_EQ(kind_thrown_by(all), ErrorKind::unreachable);
}

TEST(Connection, Case18_ASilentServerEndsByTheIdleTimer)
{
    const LoopbackServer server([](Peer& peer) {
        peer.log_in();
        peer.stay_silent();
    });
    const auto connection = connected(server, milliseconds(150));
    const Deadline deadline(milliseconds(2500));
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(kind_thrown_by([&] { return receive_some(*connection, deadline); }),
              ErrorKind::unreachable);
    EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(150));
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2400));
}

// An idle timer alone never catches a server that sends a byte now and then.
TEST(Connection, Case18_ABusyButStuckServerMeetsTheDeadline)
{
    const LoopbackServer server([](Peer& peer) {
        peer.log_in();
        for (int i = 0; i < 300 && !peer.over(); ++i) {
            peer.say("x");
            std::this_thread::sleep_for(milliseconds(10));
        }
    });
    const auto connection = connected(server, milliseconds(2000));
    const Deadline deadline(milliseconds(300));
    const auto start = std::chrono::steady_clock::now();
    const auto drain = [&] {
        for (;;)
            receive_some(*connection, deadline);
    };
    EXPECT_EQ(kind_thrown_by(drain), ErrorKind::unreachable);
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(1900));
}

TEST(Connection, AServerThatDoesNotReadMeetsTheDeadline)
{
    const LoopbackServer server([](Peer& peer) {
        peer.log_in();
        while (!peer.over())
            std::this_thread::sleep_for(milliseconds(10));
    });
    const auto connection = connected(server);
    const std::string much(64 * mebibyte, 'x');
    const auto kind =
        kind_thrown_by([&] { connection->send(bytes_of(much), Deadline(milliseconds(300))); });
    EXPECT_EQ(kind, ErrorKind::unreachable);
}

TEST(Connection, AStopRequestEndsAWait)
{
    const LoopbackServer server([](Peer& peer) {
        peer.log_in();
        peer.stay_silent();
    });
    std::stop_source stop;
    const auto connection = connected(server, milliseconds(60'000), stop.get_token());
    const std::jthread stopper([&] {
        std::this_thread::sleep_for(milliseconds(50));
        stop.request_stop();
    });
    EXPECT_EQ(kind_thrown_by([&] { return receive_some(*connection); }), ErrorKind::interrupted);
}

TEST(Connection, WritingToAClosedConnectionIsAnErrorAndNoSignal)
{
    const LoopbackServer server([](Peer& peer) { peer.log_in(); });
    const auto connection = connected(server);
    const auto write_on = [&] {
        for (int i = 0; i < 1000; ++i) {
            connection->send(bytes_of("NOOP\r\n"), {});
            std::this_thread::sleep_for(milliseconds(1));
        }
    };
    EXPECT_EQ(kind_thrown_by(write_on), ErrorKind::unreachable);
}

}  // namespace
}  // namespace mailhold::net
