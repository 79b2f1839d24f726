#pragma once
// How far a long piece of work has come, told by whoever does it to whoever shows it.

#include <cstdint>
#include <string>

namespace mailhold {

/// The state of one account's work, not a difference: a missed event costs nothing.
struct ProgressEvent {
    std::string account;
    std::string folder;  ///< being worked on, as the server spells it; empty between folders
    std::uint64_t messages_done = 0;
    std::uint64_t messages_total = 0;  ///< 0 while unknown
    std::uint64_t bytes_done = 0;
    std::uint64_t bytes_total = 0;  ///< 0 while unknown
    bool finished = false;          ///< the account's last event
};

/// Receives events from several threads at once; must be quick and must not throw.
class ProgressSink {
public:
    virtual ~ProgressSink() = default;
    virtual void report(const ProgressEvent& event) = 0;
};

/// For callers whom nobody watches.
class NullProgress final : public ProgressSink {
public:
    void report(const ProgressEvent&) override {}
};

}  // namespace mailhold
