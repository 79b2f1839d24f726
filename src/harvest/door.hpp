#pragma once
// The way into one account: connecting, waiting as asked, and not knocking again too soon.

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/harvest/harvest.hpp"
#include "mailhold/imap/client.hpp"

namespace mailhold::harvest {

/// Sleeps unless a stop is asked for; throws interrupted then.
void wait_for(std::chrono::milliseconds time, std::stop_token stop);

/// Who asks for more than this is not waited for; the next run comes anyway.
inline constexpr std::chrono::milliseconds longest_wait{10 * 60 * 1'000};

/// Trouble with one server leaves the other accounts worth harvesting; trouble with our own key,
/// disk or vault does not.
bool concerns_one_account(ErrorKind kind);

/// True for a refusal after login that every folder of the account would meet.
bool concerns_whole_account(imap::LoginFailureClass failure);

/// A login that failed, already understood.
class LoginError : public Error {
public:
    LoginError(ErrorKind kind, imap::LoginFailure failure)
        : Error(kind, failure.text, failure.hint), failure_(std::move(failure))
    {
    }
    const imap::LoginFailure& failure() const noexcept { return failure_; }

private:
    imap::LoginFailure failure_;
};

/// Thread-safe.
class Door {
public:
    Door(const AccountPlan& plan, const Options& options, std::stop_token stop)
        : plan_(plan), options_(options), stop_(std::move(stop))
    {
    }

    /// A logged-in, prepared session. Waits out a backoff that the server names (longest_wait in
    /// all) and tries temporary trouble a few times. Throws LoginError, interrupted, or refused
    /// with a hint when this host has no secret to log in with.
    std::unique_ptr<imap::Client> open();

    /// One attempt, for second and further connections, whose failure costs only speed.
    std::unique_ptr<imap::Client> open_once();

private:
    crypto::SecretBytes secret() const;

    const AccountPlan& plan_;
    const Options& options_;
    std::stop_token stop_;
};

/// Refused credentials are not tried again for 15 minutes: providers lock accounts for less
/// (docs/operations.md).
inline constexpr std::int64_t credentials_pause_seconds = 15 * 60;

/// The refusal to report instead of knocking again, if the last one is too fresh.
std::optional<AccountFailure> remembered_refusal(const catalog::Catalog& catalog,
                                                 const crypto::AccountId& account);
void remember_refusal(catalog::Catalog& catalog, const crypto::AccountId& account,
                      const AccountFailure& failure);
void forget_refusal(catalog::Catalog& catalog, const crypto::AccountId& account);

}  // namespace mailhold::harvest
