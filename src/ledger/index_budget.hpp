#pragma once
// What the work on the index may begin before a deadline, and which errors end it.

#include <chrono>
#include <cstdint>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::ledger {

/// Whether so much will likely be done before the deadline.
inline bool fits(std::uint64_t bytes, std::uint64_t bytes_a_second, const Deadline& deadline)
{
    constexpr std::chrono::milliseconds long_enough = std::chrono::hours(24);
    const auto left = static_cast<std::uint64_t>(deadline.left(long_enough).count());
    return bytes <= left * bytes_a_second / 1'000;
}

/// Not about the store, the keys or this host: others can still be read.
inline bool is_about_the_object(ErrorKind kind)
{
    return kind == ErrorKind::damaged || kind == ErrorKind::tampered ||
           kind == ErrorKind::not_found;
}

}  // namespace mailhold::ledger
