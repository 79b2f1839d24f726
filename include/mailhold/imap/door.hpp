#pragma once
// The way into one account: what is needed to log in, connecting, and waiting as the server asks.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "mailhold/crypto/secret.hpp"
#include "mailhold/imap/client.hpp"
#include "mailhold/imap/login_failure.hpp"

namespace mailhold::imap {

/// Everything needed to reach one account.
struct Access {
    std::string address;
    net::Endpoint endpoint;
    std::string user;
    net::SaslMethod method = net::SaslMethod::automatic;
    /// Password or access token, asked for at every login, so that a renewed token is taken up
    /// mid-run. May throw.
    std::function<crypto::SecretBytes()> secret;
    unsigned connections = 4;   ///< most at a time
    std::string provider_step;  ///< what this provider asks of the user, for hints; may be empty
    ClientOptions client{};     ///< limits, timeouts, compression, what not to believe
};

/// A login that failed, already understood.
class LoginError : public Error {
public:
    LoginError(ErrorKind kind, LoginFailure failure)
        : Error(kind, failure.text, failure.hint), failure_(std::move(failure))
    {
    }
    const LoginFailure& failure() const noexcept { return failure_; }

private:
    LoginFailure failure_;
};

/// Sleeps unless a stop is asked for; throws interrupted then.
void wait_for(std::chrono::milliseconds time, const std::stop_token& stop);

/// Who asks for more than this is not waited for.
inline constexpr std::chrono::milliseconds longest_wait{10 * 60 * 1'000};

/// Trouble with one server leaves other accounts worth their work; trouble with our own key, disk
/// or vault does not.
bool concerns_one_account(ErrorKind kind);

/// Thread-safe.
class Door {
public:
    Door(Access access, std::stop_token stop) : access_(std::move(access)), stop_(std::move(stop))
    {
    }

    const Access& access() const noexcept { return access_; }

    /// A logged-in, prepared session. Waits out a backoff that the server names (longest_wait in
    /// all) and tries temporary trouble a few times. Throws LoginError, interrupted, or refused
    /// with a hint when this host has no secret to log in with.
    std::unique_ptr<Client> open() const;

    /// One attempt, for second and further connections, whose failure costs only speed.
    std::unique_ptr<Client> open_once() const;

private:
    crypto::SecretBytes secret() const;

    Access access_;
    std::stop_token stop_;
};

}  // namespace mailhold::imap
