#pragma once
// What a failed login means and what the user should do (data table; docs/operations.md).

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/net/connection.hpp"

namespace mailhold::imap {

enum class LoginFailureClass {
    credentials,  ///< wrong password or token
    disabled,     ///< banned or disabled account
    policy,  ///< the provider wants a step by the user first (app password, IMAP switched on …)
    temporary,    ///< try again later
    throttled,    ///< too many connections or too much traffic; wait
    ambiguous,    ///< one text for several causes
    unreachable,  ///< no network, name or answer
    tls,          ///< certificate or TLS trouble
    protocol,     ///< the server broke the protocol
};

/// "credentials", "disabled" …; stable, part of the --json contract.
std::string_view to_string(LoginFailureClass failure) noexcept;

struct LoginFailure {
    LoginFailureClass failure = LoginFailureClass::temporary;
    std::string text{};  ///< the server's words, or the network's, one line
    std::string hint{};  ///< what to do
    std::optional<std::chrono::milliseconds> wait{};  ///< "Suggested Backoff Time"
};

/// Response codes first, then texts. `provider_step` is the preset's sentence for this provider,
/// used in the hint of credentials and policy failures; with_token says that an OAuth2 token was
/// refused and not a password.
LoginFailure classify(const net::ConnectError& error, std::string_view provider_step,
                      bool with_token = false);
/// For a refusal after login (EXAMINE says Unsafe Login, FETCH says throttled …).
LoginFailure classify_refusal(const Error& error, std::string_view provider_step);

/// The wait a server asks for in `text` ("Suggested Backoff Time: 3000 Milliseconds").
std::optional<std::chrono::milliseconds> suggested_backoff(std::string_view text);

}  // namespace mailhold::imap
