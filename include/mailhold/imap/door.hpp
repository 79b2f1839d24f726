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

}  // namespace mailhold::imap
