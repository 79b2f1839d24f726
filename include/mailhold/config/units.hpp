#pragma once
// Durations ("30s") and sizes ("32MiB") as the config writes them.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailhold::config {

/// A whole number and ms, s, m or h, at most 100 days; nullopt otherwise.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// A whole number and B, KiB, MiB or GiB, under 1 PiB; nullopt otherwise.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// The same size in the largest unit that leaves a whole number.
std::string format_size(std::uint64_t bytes);

}  // namespace mailhold::config
