// From a refusal to its class and what the user should do.

#include "mailhold/imap/login_failure.hpp"

#include <algorithm>
#include <charconv>

#include "login_failure_table.hpp"
#include "tokens.hpp"

namespace mailhold::imap {

namespace {

std::string_view class_hint(LoginFailureClass failure)
{
    switch (failure) {
    case LoginFailureClass::credentials:
        return "check the user name and the password or authorisation code; some providers also "
               "answer like this while they throttle, so it is believed after three refusals at "
               "least 15 minutes apart";
    case LoginFailureClass::disabled:
        return "the account looks banned or disabled: ask the provider or its administrator; the "
               "archive is safe and can be restored into another account";
    case LoginFailureClass::policy:
        return "sign in to the provider's web page and allow access by mail programs (IMAP)";
    case LoginFailureClass::temporary:
        return "the server has trouble of its own; the next run tries again";
    case LoginFailureClass::throttled:
        return "nothing is wrong: the provider limits connections or traffic; wait, and close "
               "other mail programs if this goes on";
    case LoginFailureClass::ambiguous:
        return "the server does not say which: wait an hour and try again, then check the password "
               "or authorisation code and that IMAP is switched on";
    case LoginFailureClass::unreachable:
        return "check the host, the port, the proxy and the network";
    case LoginFailureClass::tls:
        return "check the host name and the server's certificate; for a certificate of your own, "
               "give its authority as ca_file";
    case LoginFailureClass::protocol:
        return "the server does not speak IMAP as it should: check host and port; if they are "
               "right, tell its operator";
    }
    return {};
}

std::string_view remedy_hint(Remedy remedy)
{
    switch (remedy) {
    case Remedy::by_class:
        return {};
    case Remedy::app_password:
        return "create an app password or authorisation code for mail programs and give that "
               "instead of the account's own password";
    case Remedy::enable_imap:
        return "switch on IMAP in the settings of this mailbox, or have its administrator do so";
    case Remedy::web_login:
        return "sign in with a web browser once, answer what is asked there, then try again";
    case Remedy::new_token:
        return "the access token is not accepted: sign in again to renew the access that was "
               "granted "
               "to this program, and see that token_command prints the new token";
    case Remedy::use_tls:
        return "the server takes no login without encryption: set tls to implicit or starttls";
    case Remedy::delegation:
        return "this login is not permitted to open that mailbox: ask the administrator for the "
               "right to it";
    case Remedy::identify:
        return "the provider blocks mail programs that it does not trust: confirm this login in "
               "the mailbox's security settings";
    }
    return {};
}

std::string hint_for(LoginFailureClass failure, Remedy remedy, std::string_view provider_step)
{
    const bool user_must_act = failure == LoginFailureClass::credentials ||
                               failure == LoginFailureClass::policy ||
                               failure == LoginFailureClass::ambiguous;
    const bool provider_knows = remedy != Remedy::use_tls && remedy != Remedy::delegation;
    if (user_must_act && provider_knows && !provider_step.empty())
        return std::string(provider_step);
    const auto own = remedy_hint(remedy);
    return std::string(own.empty() ? class_hint(failure) : own);
}

std::string one_line(std::string_view text)
{
    std::string line(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

LoginFailure from_words(std::string_view words, LoginFailureClass otherwise,
                        std::string_view provider_step)
{
    const RefusalRow* row = find_refusal(words);
    const auto failure = row ? row->failure : otherwise;
    return {failure, one_line(words),
            hint_for(failure, row ? row->remedy : Remedy::by_class, provider_step),
            suggested_backoff(words)};
}

/// Of a server that gave no reason.
LoginFailureClass silent_failure(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::refused:
        return LoginFailureClass::policy;
    case ErrorKind::malformed:
        return LoginFailureClass::protocol;
    default:
        return LoginFailureClass::unreachable;
    }
}

}  // namespace

std::string_view to_string(LoginFailureClass failure) noexcept
{
    switch (failure) {
    case LoginFailureClass::credentials:
        return "credentials";
    case LoginFailureClass::disabled:
        return "disabled";
    case LoginFailureClass::policy:
        return "policy";
    case LoginFailureClass::temporary:
        return "temporary";
    case LoginFailureClass::throttled:
        return "throttled";
    case LoginFailureClass::ambiguous:
        return "ambiguous";
    case LoginFailureClass::unreachable:
        return "unreachable";
    case LoginFailureClass::tls:
        return "tls";
    case LoginFailureClass::protocol:
        return "protocol";
    }
    return "protocol";
}

LoginFailure classify(const net::ConnectError& error, std::string_view provider_step,
                      bool with_token)
{
    const std::string_view said = error.server_text();
    if (error.stage() == net::ConnectStage::tls)
        return {LoginFailureClass::tls,
                error.what(),
                hint_for(LoginFailureClass::tls, Remedy::by_class, provider_step),
                {}};
    // A server that spoke before it hung up may have said why, at whatever stage.
    if (!said.empty()) {
        const bool refused = error.kind() == ErrorKind::refused;
        LoginFailure failure =
            from_words(said, refused ? LoginFailureClass::ambiguous : LoginFailureClass::temporary,
                       provider_step);
        if (with_token && failure.failure == LoginFailureClass::credentials)
            failure.hint = remedy_hint(Remedy::new_token);
        return failure;
    }
    const auto failure = silent_failure(error.kind());
    return {failure, error.what(), hint_for(failure, Remedy::by_class, provider_step), {}};
}

LoginFailure classify_refusal(const Error& error, std::string_view provider_step)
{
    switch (error.kind()) {
    case ErrorKind::malformed:
        return from_words(error.what(), LoginFailureClass::protocol, provider_step);
    case ErrorKind::unreachable:
        return from_words(error.what(), LoginFailureClass::unreachable, provider_step);
    default:
        return from_words(error.what(), LoginFailureClass::temporary, provider_step);
    }
}

std::optional<std::chrono::milliseconds> suggested_backoff(std::string_view text)
{
    constexpr std::string_view phrase = "SUGGESTED BACKOFF TIME:";
    /// A day: whoever says more is not believed.
    constexpr std::uint64_t longest = 86'400'000;
    const std::string upper = upper_case(text);
    const auto at = upper.find(phrase);
    if (at == upper.npos)
        return {};
    const auto digits = upper.find_first_not_of(' ', at + phrase.size());
    if (digits == upper.npos)
        return {};
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(upper.data() + digits, upper.data() + upper.size(), value);
    if (error != std::errc{})
        return {};
    return std::chrono::milliseconds(std::min(value, longest));
}

}  // namespace mailhold::imap
