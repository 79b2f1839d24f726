#pragma once
// Cutting a set of UIDs into commands of bounded length.

#include <vector>

#include "mailhold/imap/types.hpp"

namespace mailhold::imap {

/// Pieces of sorted, disjoint `ranges`, each short enough for one command line and, unless it is
/// open-ended ("n:*"), spanning at most `max_span` UIDs.
std::vector<std::vector<UidRange>> chunks_of(const std::vector<UidRange>& ranges,
                                             std::uint64_t max_span);

}  // namespace mailhold::imap
