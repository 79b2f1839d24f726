#pragma once
// Points in time as queries name them, in this machine's zone.

#include <cstdint>
#include <optional>
#include <string_view>

#include "mailhold/base/clock.hpp"

namespace mailhold::search {

struct Span {
    std::int64_t from = 0;   ///< seconds since 1970
    std::int64_t until = 0;  ///< behind its last second
    bool is_ago = false;     ///< written as "7d": the day that long ago
};

/// "2026", "2026-03", "2026-03-09", "2026-03-09T18:30", "…T18:30:05Z", "today", "yesterday", "now",
/// "7d", "2w", "3m", "1y", "12h"; nullopt for anything else, also for days that do not exist.
std::optional<Span> parse_point(std::string_view text, Time now);

}  // namespace mailhold::search
