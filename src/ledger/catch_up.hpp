#pragma once
// Indexing what was archived without an index: archives are read back, and while one shard is
// sealed and committed the next is built.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/index/shard.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/ledger/ledger.hpp"

#include "core.hpp"
#include "message_texts.hpp"

namespace mailhold::ledger {

/// Not for sharing by threads.
class CatchUp {
public:
    /// Called by a thread of its own, one call at a time.
    using Commit = std::function<void(vault::ShardAdded)>;

    /// `core` and `keys` outlive it.
    CatchUp(Core& core, const vault::ReaderKeys& keys, const IndexSettings& settings,
            std::uint64_t schema, Commit commit);

    /// As IndexKeeper::catch_up.
    std::uint64_t run(const Deadline& deadline, const std::function<void(std::uint64_t)>& progress);

private:
    using Archives = std::vector<crypto::Hash>;

    /// The mail of some archives, given to the builder of their shard.
    struct Batch {
        std::unique_ptr<index::ShardBuilder> builder;
        Archives covers;
        bool is_last = false;
    };

    bool is_worth_starting(const crypto::Hash& archive, const Deadline& deadline) const;
    Batch read_batch(Archives::const_iterator& next, Archives::const_iterator end,
                     const Deadline& deadline);
    std::uint64_t read_archive(const crypto::Hash& archive, index::ShardBuilder& builder);
    std::optional<ByteBuffer> readable(const catalog::LyingMessage& message);
    index::Entry entry_of(const crypto::ContentId& id, Bytes raw);
    std::int64_t date_of(const crypto::ContentId& id) const;
    std::uint64_t finish(const Batch& batch);
    Archives outdated_shards() const;

    Core& core_;
    IndexSettings settings_;
    std::uint64_t schema_;
    Commit commit_;
    Library library_;
    MessageTexts texts_;
};

}  // namespace mailhold::ledger
