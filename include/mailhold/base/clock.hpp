#pragma once
// Wall-clock times as the journal and people write them, and deadlines that no clock change moves.

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/identifiers.hpp"

namespace mailhold {

/// Seconds since 1970-01-01T00:00:00Z.
enum class Time : std::int64_t {};
inline constexpr Time end_of_time{std::numeric_limits<std::int64_t>::max()};

/// Now; MAILHOLD_TEST_NOW (a UTC time) overrides it so that tests can live on other days.
Time now();

/// "2026-03-09T08:07:06Z".
std::string format_utc(Time time);

/// Strict inverse of format_utc; nullopt for anything else.
std::optional<Time> parse_utc(std::string_view text);

/// What people type after --as-of: an ISO 8601 date ("2026-03-09": its last second, local time),
/// date and time with or without zone, "yesterday", "now". Throws usage.
Time parse_user_time(std::string_view text);

/// RFC 3339 with the date's own offset: "2024-02-29T23:59:59+08:00", and back.
std::string format_rfc3339(InternalDate date);
std::optional<InternalDate> parse_rfc3339(std::string_view text);

using SteadyTime = std::chrono::steady_clock::time_point;

/// An absolute limit of time for one operation; default-constructed it never passes.
class Deadline {
public:
    Deadline() = default;
    explicit Deadline(std::chrono::milliseconds from_now)
        : at_(std::chrono::steady_clock::now() + from_now)
    {
    }

    bool passed() const { return at_ && std::chrono::steady_clock::now() >= *at_; }

    /// Time left, never negative; at most `cap`.
    std::chrono::milliseconds left(std::chrono::milliseconds cap) const;

private:
    std::optional<SteadyTime> at_;
};

}  // namespace mailhold
