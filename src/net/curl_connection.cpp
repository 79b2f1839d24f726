// Sending and receiving with an idle limit, an absolute deadline and a stop token.

#include "curl_connection.hpp"

#include <cerrno>
#include <cstring>

#include <poll.h>

#include <fmt/format.h>

namespace mailhold::net {

namespace {

/// How long a stop request can go unseen.
constexpr std::chrono::milliseconds poll_slice{200};

[[noreturn]] void throw_lost(std::string_view why)
{
    throw Error(ErrorKind::unreachable, fmt::format("the connection was lost: {}", why));
}

}  // namespace

CurlConnection::CurlConnection(CurlHandle curl, bool is_loopback, std::chrono::milliseconds idle,
                               std::stop_token stop)
    : curl_(std::move(curl)), is_loopback_(is_loopback), idle_(idle), stop_(std::move(stop))
{
    libcurl().easy_getinfo(curl_.get(), CURLINFO_ACTIVESOCKET, &socket_);
    if (socket_ == CURL_SOCKET_BAD)
        throw_lost("closed right after login");
}

void CurlConnection::send(Bytes bytes, const Deadline& deadline)
{
    while (!bytes.empty()) {
        std::size_t sent = 0;
        const CURLcode code = libcurl().easy_send(curl_.get(), bytes.data(), bytes.size(), &sent);
        if (code == CURLE_AGAIN)
            wait_for(POLLOUT, deadline);
        else if (code != CURLE_OK)
            throw_lost(libcurl().easy_strerror(code));
        bytes = bytes.subspan(sent);
    }
}

std::size_t CurlConnection::receive(std::span<std::byte> out, const Deadline& deadline)
{
    std::size_t received = 0;
    while (received < out.size()) {
        std::size_t count = 0;
        const auto room = out.subspan(received);
        const CURLcode code = libcurl().easy_recv(curl_.get(), room.data(), room.size(), &count);
        if (code == CURLE_OK && count > 0) {
            received += count;  // libcurl gives one TLS record at a time: take all that is there
            continue;
        }
        if (received > 0)
            break;  // trouble, if it is one, comes again at the next call
        if (code == CURLE_OK)
            throw_lost("closed by the server");
        if (code != CURLE_AGAIN)
            throw_lost(libcurl().easy_strerror(code));
        wait_for(POLLIN, deadline);
    }
    // A busy connection never waits, so limits are looked at here as well.
    if (stop_.stop_requested())
        throw Error(ErrorKind::interrupted, "stopped while receiving");
    if (deadline.passed())
        throw Error(ErrorKind::unreachable, "the server did not finish its answer in time");
    return received;
}

/// Only after CURLE_AGAIN: TLS may hold decrypted bytes that poll(2) knows nothing of.
void CurlConnection::wait_for(short events, const Deadline& deadline) const
{
    const Deadline idle(idle_);
    for (;;) {
        if (stop_.stop_requested())
            throw Error(ErrorKind::interrupted, "stopped while waiting for the server");
        if (deadline.passed())
            throw Error(ErrorKind::unreachable, "the server did not finish its answer in time");
        if (idle.passed())
            throw Error(ErrorKind::unreachable,
                        fmt::format("the server was silent for {} s", idle_.count() / 1000));
        pollfd waiting{socket_, events, 0};
        const auto slice = deadline.left(idle.left(poll_slice));
        // One millisecond more than is left, or the last wait would spin.
        const int ready = poll(&waiting, 1, static_cast<int>(slice.count()) + 1);
        if (ready > 0)
            return;
        if (ready < 0 && errno != EINTR)
            throw_lost(std::strerror(errno));
    }
}

}  // namespace mailhold::net
