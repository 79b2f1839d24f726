#pragma once
// A server on a loopback port that plays one conversation, for what only a real socket shows.

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mailhold/net/connection.hpp"

namespace mailhold::test {

/// A line that the server's thread notes for the test's.
class Note {
public:
    void set(std::string text)
    {
        const std::lock_guard lock(mutex_);
        text_ = std::move(text);
    }
    std::string text() const
    {
        const std::lock_guard lock(mutex_);
        return text_;
    }

private:
    mutable std::mutex mutex_;
    std::string text_;
};

/// One accepted connection, seen from the server.
class Peer {
public:
    Peer(int socket, const std::atomic<bool>& stop) : socket_(socket), stop_(stop) {}

    void say(std::string_view text) const
    {
        static_cast<void>(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL));
    }

    /// The next line without CRLF; empty when the client is gone or the test is over.
    std::string hear()
    {
        for (;;) {
            if (const auto end = heard_.find("\r\n"); end != heard_.npos) {
                std::string line = heard_.substr(0, end);
                heard_.erase(0, end + 2);
                return line;
            }
            if (!hear_more())
                return {};
        }
    }

    /// So many raw bytes, a literal for example; fewer when the client is gone or the test is over.
    std::string hear_bytes(std::size_t count)
    {
        while (heard_.size() < count && hear_more())
            ;
        std::string bytes = heard_.substr(0, count);
        heard_.erase(0, bytes.size());
        return bytes;
    }

    /// Hears a command, notes it (unless the client is gone), and answers it: "$" stands for its
    /// tag.
    std::string answer(std::string_view text, Note* note = nullptr)
    {
        std::string line = hear();
        if (note != nullptr && !line.empty())
            note->set(line);
        const std::string tag = line.substr(0, line.find(' '));
        std::string out;
        for (const char c : text)
            out += c == '$' ? tag : c == '\n' ? "\r\n" : std::string(1, c);
        say(out);
        return line;
    }

    /// Greeting, CAPABILITY and a login that goes well.
    void log_in()
    {
        say("* OK ready\r\n");
        answer("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\n$ OK\n");
        answer("$ OK logged in\n");
    }

    /// Until the client hangs up or the test is over.
    void stay_silent()
    {
        while (!hear().empty())
            ;
    }

    bool over() const { return stop_; }

private:
    bool hear_more()
    {
        if (!wait())
            return false;
        char buffer[16'384];
        const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
        if (count <= 0)
            return false;
        heard_.append(buffer, static_cast<std::size_t>(count));
        return true;
    }

    bool wait() const
    {
        while (!stop_) {
            pollfd waiting{socket_, POLLIN, 0};
            if (poll(&waiting, 1, 20) != 0)
                return true;
        }
        return false;
    }

    int socket_;
    const std::atomic<bool>& stop_;
    std::string heard_;
};

/// Plays `part` for each connection: one after the other, or all at the same time.
class LoopbackServer {
public:
    enum class Connections { in_turn, together };

    explicit LoopbackServer(std::function<void(Peer&)> part,
                            Connections connections = Connections::in_turn)
        : listener_(::socket(AF_INET, SOCK_STREAM, 0)), part_(std::move(part)),
          connections_(connections)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, generic, size) != 0 || listen(listener_, 4) != 0 ||
            getsockname(listener_, generic, &size) != 0)
            throw Error(ErrorKind::bug, "the test's server cannot listen");
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this] { serve(); });
    }

    ~LoopbackServer()
    {
        stop_ = true;
        thread_.join();
        peers_.clear();
        close(listener_);
    }

    std::uint16_t port() const { return port_; }

    net::Endpoint endpoint(net::Tls tls = net::Tls::none) const
    {
        return {.host = "127.0.0.1", .port = port_, .tls = tls};
    }

private:
    void serve()
    {
        while (!stop_) {
            pollfd waiting{listener_, POLLIN, 0};
            if (poll(&waiting, 1, 20) <= 0)
                continue;
            const int socket = accept(listener_, nullptr, nullptr);
            if (connections_ == Connections::together)
                peers_.emplace_back([this, socket] { play(socket); });
            else
                play(socket);
        }
    }

    void play(int socket)
    {
        const int on = 1;  // else small answers wait for the client's acknowledgement
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Peer peer(socket, stop_);
        part_(peer);
        close(socket);
    }

    int listener_;
    std::function<void(Peer&)> part_;
    const Connections connections_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_ = false;
    std::vector<std::jthread> peers_;  ///< touched by thread_ while it runs
    std::jthread thread_;
};

}  // namespace mailhold::test
