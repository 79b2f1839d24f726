#pragma once
// A logged-in byte connection to a mail server: libcurl connects, negotiates TLS and logs in; we
// carry the rest.

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/clock.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::net {

enum class Tls { implicit, starttls, none };
enum class SaslMethod { automatic, plain, login, xoauth2, oauthbearer };

struct Endpoint {
    std::string host{};
    std::uint16_t port = 993;
    Tls tls = Tls::implicit;
    std::string ca_file{};  ///< PEM; empty: the system's
    std::string proxy{};  ///< "socks5://…", "http://…"; empty: none, whatever the environment says
};

struct Login {
    std::string user{};
    SaslMethod method = SaslMethod::automatic;
    /// Password, or OAuth2 access token. Borrowed for the call: the caller keeps it in locked
    /// memory and wipes it.
    std::string_view secret{};
};

struct Timeouts {
    std::chrono::milliseconds connect{30'000};     ///< TCP, TLS and login together
    std::chrono::milliseconds idle{120'000};       ///< no byte for that long
    std::chrono::milliseconds command{3'600'000};  ///< one IMAP command from first to last byte
};

/// How far a failed attempt came; decides the remedy.
enum class ConnectStage { resolve, connect, proxy, tls, greeting, login };

/// Why there is no connection: `refused` for login, `unreachable` for the rest. `server_text` is
/// what the server said during login (lines of the untagged and tagged replies, decoded SASL
/// challenges), free of credentials.
class ConnectError : public Error {
public:
    ConnectError(ErrorKind kind, ConnectStage stage, std::string message, std::string server_text)
        : Error(kind, std::move(message)), stage_(stage), server_text_(std::move(server_text))
    {
    }
    ConnectStage stage() const noexcept { return stage_; }
    const std::string& server_text() const noexcept { return server_text_; }

private:
    ConnectStage stage_;
    std::string server_text_;
};

/// Not for sharing by threads. Every wait obeys the deadline, the idle limit and the stop token.
class Connection {
public:
    /// Throws ConnectError, or interrupted.
    static std::unique_ptr<Connection> open_imap(const Endpoint& endpoint, const Login& login,
                                                 const Timeouts& timeouts,
                                                 const std::stop_token& stop);
    virtual ~Connection() = default;

    /// Sends everything. Throws unreachable when the connection breaks or time is up.
    virtual void send(Bytes bytes, const Deadline& deadline) = 0;

    /// At least one byte, at most out.size(). Throws unreachable at the end of the stream, on idle
    /// or deadline.
    virtual std::size_t receive(std::span<std::byte> out, const Deadline& deadline) = 0;

    virtual bool is_loopback() const = 0;
};

}  // namespace mailhold::net
