#pragma once
// Shards built of generated messages, and sources that give their bytes.

#include <memory>
#include <optional>
#include <vector>

#include "generated_entries.hpp"
#include "mailhold/index/index.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::test {

inline const index::Languages english{"en"};

inline constexpr std::uint64_t chunk_bytes = 16 * kibibyte;  ///< of the shards below

/// One shard of `entries`.
index::FinishedShard built(const std::vector<index::Entry>& entries, unsigned threads = 2);

/// Messages [begin, end).
std::vector<index::Entry> generated_entries(std::uint64_t begin, std::uint64_t end,
                                            const EntryShape& shape = {});

ByteBuffer all_bytes(const index::FinishedShard& shard);

/// `bytes` as a stored shard.
index::ShardSource source_of(ByteBuffer bytes);
inline index::ShardSource source_of(const index::FinishedShard& shard)
{
    return source_of(all_bytes(shard));
}

index::Query word(std::string text, std::optional<index::Field> field = std::nullopt);
index::Query everything();
index::Query combined(index::Query::Kind kind, std::vector<index::Query> parts);

}  // namespace mailhold::test
