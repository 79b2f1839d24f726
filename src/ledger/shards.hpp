#pragma once
// Shards into the store, and out of it again.

#include "mailhold/index/shard.hpp"

#include "core.hpp"

namespace mailhold::ledger {

/// What a shard's journal event calls schema: the rules that its terms were made by, and, in the
/// low bits, the languages whose stems it holds.
std::uint64_t schema_of(const index::Languages& languages);
/// Whatever its languages: words are found unstemmed.
bool is_searched_schema(std::uint64_t schema);

/// Schemas from the first to the last one that are searched.
struct SchemaRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};
SchemaRange searched_schemas();

/// Seals and publishes it. Its name stands in the catalog before the object is there, so that
/// whoever finds it without a journal entry knows whose it is.
vault::ShardAdded publish_shard(Core& core, const index::FinishedShard& shard, std::uint64_t schema,
                                std::vector<crypto::Hash> covers,
                                std::vector<crypto::Hash> replaces = {});

/// A stored shard for reading. `core` and `keys` outlive it.
index::ShardSource shard_source(Core& core, const vault::ReaderKeys& keys, catalog::ShardRow row);

}  // namespace mailhold::ledger
