#pragma once
// Sets of UIDs as sorted ranges, and their wire form.

#include <string_view>
#include <vector>

#include "mailhold/imap/types.hpp"

namespace mailhold::imap {

/// "1:4,7" as told by VANISHED, sorted. Throws malformed; "*" is not allowed here.
std::vector<UidRange> parse_sequence_set(std::string_view text);

/// Sorted, disjoint, neighbours joined; empty and 0 left out.
std::vector<UidRange> normalised(std::vector<UidRange> ranges);

/// Whether sorted, disjoint `ranges` hold `uid`.
bool contains(const std::vector<UidRange>& ranges, Uid uid);

/// Number of UIDs from first to last; they need not all exist.
std::uint64_t span_of(const UidRange& range);
std::uint64_t span_of(const std::vector<UidRange>& ranges);

/// Stands for "*" at the end of a range.
inline constexpr Uid last_uid{0xffffffff};

}  // namespace mailhold::imap
