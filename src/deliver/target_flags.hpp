#pragma once
// Which flags go along, and which the target would not keep.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/identifiers.hpp"

namespace mailhold::deliver {

/// How often each flag was left out, by its name.
using DroppedFlags = std::map<std::string, std::uint64_t>;

/// `permanent`: PERMANENTFLAGS of the folder; nullopt or empty: not told, everything is tried.
Flags flags_for_target(const Flags& flags, const std::optional<std::vector<std::string>>& permanent,
                       DroppedFlags& dropped);

}  // namespace mailhold::deliver
