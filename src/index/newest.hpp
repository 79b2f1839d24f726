#pragma once
// The newest matches of all shards: each shard is searched on its own, several at a time, so that
// a search hardly takes longer for many shards than for few.

#include <string>
#include <vector>

#include "open_shards.hpp"

namespace mailhold::index {

struct Match {
    std::string order;  ///< its value of order_slot
    std::size_t shard = 0;
    Xapian::docid document = 0;
};

struct Newest {
    std::uint64_t total = 0;     ///< exact; a message in two shards counts once
    std::vector<Match> matches;  ///< newest first, each message once
};

/// `queries`: the same question for each of the shards' threads, as they cannot share one. `limit`:
/// how many of the newest.
Newest newest_matches(const OpenShards& shards, const std::vector<Xapian::Query>& queries,
                      std::size_t limit);

}  // namespace mailhold::index
