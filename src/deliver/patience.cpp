// Waiting as asked, or a little longer each time.

#include "patience.hpp"

#include <array>

#include "mailhold/base/log.hpp"
#include "mailhold/imap/door.hpp"

namespace mailhold::deliver {

namespace {

using std::chrono::milliseconds;

constexpr std::array<milliseconds, 3> pauses{milliseconds(1'000), milliseconds(5'000),
                                             milliseconds(30'000)};

imap::Answer as_answer(const Error& refusal)
{
    return {.accepted = false, .code = {}, .text = refusal.what()};
}

}  // namespace

bool says_later(const imap::Answer& answer)
{
    if (imap::suggested_backoff(answer.text))
        return true;
    if (answer.code == "LIMIT" || answer.code == "TOOBIG" || answer.code == "SERVERBUG")
        return false;
    const auto failure = imap::classify_refusal(Error(ErrorKind::refused, answer.text), {}).failure;
    return failure == imap::LoginFailureClass::throttled || answer.code == "UNAVAILABLE" ||
           answer.code == "INUSE";
}

bool says_later(const Error& refusal)
{
    return says_later(as_answer(refusal));
}

bool Patience::wait_as_asked(const std::string& text)
{
    const auto time = imap::suggested_backoff(text);
    return time && wait(*time);
}

bool Patience::wait_for_later(const imap::Answer& answer)
{
    if (imap::suggested_backoff(answer.text))
        return wait_as_asked(answer.text);
    return says_later(answer) && pauses_ < pauses.size() && wait(pauses.at(pauses_++));
}

bool Patience::wait_for_later(const Error& refusal)
{
    return wait_for_later(as_answer(refusal));
}

void Patience::renew()
{
    waited_ = milliseconds{0};
    pauses_ = 0;
}

bool Patience::wait(milliseconds time)
{
    if (waited_ + time > imap::longest_wait)
        return false;
    waited_ += time;
    log::debug("{}: waits {} ms for the server", address_, time.count());
    imap::wait_for(time, stop_);
    return true;
}

}  // namespace mailhold::deliver
