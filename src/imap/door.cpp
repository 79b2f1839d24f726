// The way into one account.

#include "mailhold/imap/door.hpp"

#include <array>
#include <condition_variable>
#include <mutex>

#include "mailhold/base/log.hpp"

namespace mailhold::imap {

namespace {

using std::chrono::milliseconds;

constexpr std::array<milliseconds, 3> retry_ladder{milliseconds(250), milliseconds(1'000),
                                                   milliseconds(4'000)};

bool is_token(net::SaslMethod method)
{
    return method == net::SaslMethod::xoauth2 || method == net::SaslMethod::oauthbearer;
}

bool may_pass_soon(LoginFailureClass failure)
{
    using enum LoginFailureClass;
    return failure == temporary || failure == throttled || failure == unreachable;
}

}  // namespace

void wait_for(milliseconds time, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, time, [] { return false; });
    if (stop.stop_requested())
        throw Error(ErrorKind::interrupted, "stopped while waiting for a server");
}

bool concerns_one_account(ErrorKind kind)
{
    return kind == ErrorKind::refused || kind == ErrorKind::unreachable ||
           kind == ErrorKind::malformed;
}

/// Whatever keeps this host from its secret, it is this account's trouble: others have theirs.
crypto::SecretBytes Door::secret() const
{
    try {
        return access_.secret();
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::interrupted)
            throw;
        throw Error(ErrorKind::refused, e.what(),
                    e.hint().empty() ? "see where this account's password comes from"
                                     : std::string(e.hint()));
    }
}

std::unique_ptr<Client> Door::open_once() const
{
    const crypto::SecretBytes password = secret();
    try {
        const net::Login login{
            .user = access_.user, .method = access_.method, .secret = text_of(password.view())};
        auto client = std::make_unique<Client>(
            net::Connection::open_imap(access_.endpoint, login, access_.client.timeouts, stop_),
            access_.client);
        client->prepare();
        return client;
    } catch (const net::ConnectError& e) {
        throw LoginError(e.kind(), classify(e, access_.provider_step, is_token(access_.method)));
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::interrupted)
            throw;
        throw LoginError(e.kind(), classify_refusal(e, access_.provider_step));
    }
}

std::unique_ptr<Client> Door::open() const
{
    milliseconds waited{0};
    for (std::size_t attempt = 0;; ++attempt) {
        try {
            return open_once();
        } catch (const LoginError& e) {
            const LoginFailure& failure = e.failure();
            if (!may_pass_soon(failure.failure) || attempt >= retry_ladder.size())
                throw;
            const milliseconds pause = failure.wait.value_or(retry_ladder.at(attempt));
            waited += pause;
            if (waited > longest_wait)
                throw;
            log::debug("{}: {}; trying again in {} ms", access_.address, failure.text,
                       pause.count());
            wait_for(pause, stop_);
        }
    }
}

}  // namespace mailhold::imap
