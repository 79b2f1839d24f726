#pragma once
// Archived means searchable: every message of an archive that the index covers is in a shard that
// is searched, and every block of those shards opens.

#include <set>
#include <vector>

#include "mailhold/upkeep/check.hpp"

namespace mailhold::upkeep {

/// Reads the whole index but the shards in `known_bad`, about which all is said. Throws
/// store_unavailable.
std::vector<Finding> check_index(ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                                 const std::set<crypto::Hash>& known_bad);

}  // namespace mailhold::upkeep
