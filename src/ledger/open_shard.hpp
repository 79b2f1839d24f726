#pragma once
// The shard of the commit being collected. Trouble with it costs search, never mail: the archive is
// committed without, and indexed later by a host that can read.

#include <memory>
#include <optional>
#include <string>

#include "mailhold/index/shard.hpp"
#include "mailhold/ledger/intake.hpp"

namespace mailhold::ledger {

/// For one thread.
class OpenShard {
public:
    explicit OpenShard(std::optional<IndexSettings> settings);

    void add(index::Entry entry);

    /// The shard of everything added since the last call; nullopt when nothing was, or not all of
    /// it could be indexed.
    std::optional<index::FinishedShard> finish();

    /// Why it last gave none although mail had come; empty when that never happened.
    const std::string& failure() const noexcept { return failure_; }

private:
    void give_up(const std::string& why);

    std::optional<IndexSettings> settings_;
    std::unique_ptr<index::ShardBuilder> builder_;
    bool gave_up_ = false;  ///< for this commit
    std::string failure_;
};

}  // namespace mailhold::ledger
