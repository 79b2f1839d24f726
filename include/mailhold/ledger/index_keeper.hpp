#pragma once
// The search index of a vault, kept by whoever can read: mail that has no shard yet gets one, small
// shards are merged, replaced ones are removed when nobody can need them any longer.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "mailhold/index/index.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/ledger/ledger.hpp"

namespace mailhold::ledger {

/// How long a replaced shard stays, for readers that have it open and for hosts that know no other.
inline constexpr std::chrono::hours replaced_shard_stays{14 * 24};

/// How much of the mail a search finds.
struct Searchable {
    std::uint64_t messages = 0;  ///< in the vault
    std::uint64_t waiting = 0;   ///< of those, in no shard yet
    std::uint64_t index_bytes = 0;
    bool is_whole() const noexcept { return waiting == 0; }
};
Searchable searchable(const catalog::Catalog& catalog);

/// The shards that a search reads: those of other rules for terms wait to be built anew.
std::vector<catalog::ShardRow> searched_shards(const catalog::Catalog& catalog);

/// The same as a search wants them.
struct SearchedShards {
    std::vector<index::ShardSource> sources;
    index::Repeats repeats = index::Repeats::possible;
};
/// Opened with these keys; the ledger and the keys outlive them.
SearchedShards shard_sources(Ledger& ledger, const vault::ReaderKeys& keys);

/// False when nothing waits to be indexed or merged.
bool index_needs_care(const catalog::Catalog& catalog, const IndexSettings& settings);

/// Needs a ledger opened for writing on a writer's host. Each step commits by itself: whatever ends
/// the process, nothing is lost. Not for sharing by threads.
class IndexKeeper {
public:
    /// `ledger` and `keys` outlive it.
    IndexKeeper(Ledger& ledger, const vault::ReaderKeys& keys, const IndexSettings& settings);
    ~IndexKeeper();

    /// Reads archives that no shard covers and indexes their mail, archive by archive, until the
    /// deadline; what will likely not fit before it is not begun. Returns how many messages became
    /// searchable. What cannot be read of an archive is left out: check reports it.
    std::uint64_t catch_up(const Deadline& deadline,
                           const std::function<void(std::uint64_t messages)>& progress = {});

    /// Reads all shards; those that cannot be read are no longer searched, and their mail waits for
    /// catch_up(). Returns how many.
    std::size_t forget_unreadable();

    /// Merges shards by size tiers while it is worth it; with a deadline, only what will likely fit
    /// before it. Returns how many shards were merged away.
    std::size_t merge(const Deadline& deadline);

    /// Removes own shards that others have replaced for longer than replaced_shard_stays.
    std::size_t sweep();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::ledger
