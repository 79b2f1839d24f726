#pragma once
// The manifest of an export: what lies where, under which flags and dates (docs/export.md,
// Manifest).

#include <cstdint>
#include <optional>
#include <string>

#include "mailhold/deliver/destination.hpp"

namespace mailhold::deliver {

/// One LF-ended JSON line. `offset`: of the message's From_ line in an mbox file.
std::string manifest_line(const std::string& path, const Outgoing& message,
                          std::optional<std::uint64_t> offset = std::nullopt);

}  // namespace mailhold::deliver
