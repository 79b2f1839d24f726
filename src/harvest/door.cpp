// The way into one account.

#include "door.hpp"

#include <array>
#include <condition_variable>
#include <mutex>

#include <fmt/format.h>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/base/log.hpp"

namespace mailhold::harvest {
namespace {

using std::chrono::milliseconds;

constexpr std::array<milliseconds, 3> retry_ladder{milliseconds(250), milliseconds(1'000),
                                                   milliseconds(4'000)};

bool is_token(net::SaslMethod method)
{
    return method == net::SaslMethod::xoauth2 || method == net::SaslMethod::oauthbearer;
}

bool may_pass_soon(imap::LoginFailureClass failure)
{
    using enum imap::LoginFailureClass;
    return failure == temporary || failure == throttled || failure == unreachable;
}

std::string setting_key(const crypto::AccountId& account)
{
    return "refusal/" + account.hex();
}

}  // namespace

void wait_for(milliseconds time, std::stop_token stop)
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

bool concerns_whole_account(imap::LoginFailureClass failure)
{
    using enum imap::LoginFailureClass;
    return failure == policy || failure == disabled || failure == throttled;
}

/// Whatever keeps this host from its secret, it is this account's trouble: others have theirs.
crypto::SecretBytes Door::secret() const
{
    try {
        return plan_.secret();
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::interrupted)
            throw;
        throw Error(ErrorKind::refused, e.what(),
                    e.hint().empty() ? "see where this account's password comes from"
                                     : std::string(e.hint()));
    }
}

std::unique_ptr<imap::Client> Door::open_once()
{
    const crypto::SecretBytes password = secret();
    try {
        const net::Login login{
            .user = plan_.user, .method = plan_.method, .secret = text_of(password.view())};
        auto client = std::make_unique<imap::Client>(
            net::Connection::open_imap(plan_.endpoint, login, options_.timeouts, stop_),
            imap::ClientOptions{.limits = {.max_literal_bytes = options_.max_message_bytes},
                                .timeouts = options_.timeouts,
                                .compress = options_.compress,
                                .ignored_capabilities = plan_.ignored_capabilities});
        client->prepare();
        return client;
    } catch (const net::ConnectError& e) {
        throw LoginError(e.kind(), imap::classify(e, plan_.provider_step, is_token(plan_.method)));
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::interrupted)
            throw;
        throw LoginError(e.kind(), imap::classify_refusal(e, plan_.provider_step));
    }
}

std::unique_ptr<imap::Client> Door::open()
{
    milliseconds waited{0};
    for (std::size_t attempt = 0;; ++attempt) {
        try {
            return open_once();
        } catch (const LoginError& e) {
            const imap::LoginFailure& failure = e.failure();
            if (!may_pass_soon(failure.failure) || attempt >= retry_ladder.size())
                throw;
            const milliseconds pause = failure.wait.value_or(retry_ladder.at(attempt));
            waited += pause;
            if (waited > longest_wait)
                throw;
            log::debug("{}: {}; trying again in {} ms", plan_.address, failure.text, pause.count());
            wait_for(pause, stop_);
        }
    }
}

std::optional<AccountFailure> remembered_refusal(const catalog::Catalog& catalog,
                                                 const crypto::AccountId& account)
{
    const auto text = catalog.setting(setting_key(account));
    if (!text || text->empty())
        return {};
    const Json memory = Json::parse(*text);
    const std::int64_t age = static_cast<std::int64_t>(now()) - memory.at("time").as_integer();
    if (age < 0 || age >= credentials_pause_seconds)
        return {};
    return AccountFailure{
        .failure_class = memory.at("class").as_string(),
        .text = memory.at("text").as_string(),
        .hint = fmt::format(
            "{}; not tried again for another {} min, since providers lock accounts after "
            "repeated refusals; `mailhold account test` tries at once",
            memory.at("hint").as_string(), (credentials_pause_seconds - age + 59) / 60)};
}

void remember_refusal(catalog::Catalog& catalog, const crypto::AccountId& account,
                      const AccountFailure& failure)
{
    const Json memory = Json::object({{"time", static_cast<std::int64_t>(now())},
                                      {"class", failure.failure_class},
                                      {"text", printable(failure.text)},
                                      {"hint", failure.hint}});
    catalog.put_setting(setting_key(account), memory.dump());
}

void forget_refusal(catalog::Catalog& catalog, const crypto::AccountId& account)
{
    if (catalog.setting(setting_key(account)).value_or("").empty())
        return;
    catalog.put_setting(setting_key(account), "");
}

}  // namespace mailhold::harvest
