#pragma once
// How long a server is waited for that asks to come back later.

#include <chrono>
#include <stop_token>
#include <string>

#include "mailhold/base/error.hpp"
#include "mailhold/imap/uploader.hpp"

namespace mailhold::deliver {

/// Whether the server wants less of everything, and not less of this one thing.
bool says_later(const imap::Answer& answer);
bool says_later(const Error& refusal);

/// For one thread. Throws interrupted when asked to stop while it waits.
class Patience {
public:
    Patience(std::string address, const std::stop_token& stop)
        : address_(std::move(address)), stop_(stop)
    {
    }

    /// Waits as long as `text` asks for, to the millisecond. False when it asks for nothing, or,
    /// with what was waited before, for more than imap::longest_wait.
    bool wait_as_asked(const std::string& text);
    /// The same; and where the server wants less without saying for how long, a pause of our own
    /// choice, longer each time.
    bool wait_for_later(const imap::Answer& answer);
    bool wait_for_later(const Error& refusal);
    /// Something went well.
    void renew();

private:
    bool wait(std::chrono::milliseconds time);

    const std::string address_;
    const std::stop_token& stop_;
    std::chrono::milliseconds waited_{0};
    std::size_t pauses_ = 0;
};

}  // namespace mailhold::deliver
