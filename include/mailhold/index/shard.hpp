#pragma once
// Building and merging shards: immutable single-file Xapian databases (docs/format.md, Shards).

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "mailhold/base/file.hpp"
#include "mailhold/crypto/types.hpp"
#include "mailhold/index/terms.hpp"

namespace mailhold::index {

inline constexpr std::uint64_t max_shard_bytes = 128 * mebibyte;
/// Of a shard's database: a block of the sealed stream, so that who reads one opens one.
inline constexpr std::uint64_t database_block_bytes = 16 * kibibyte;

/// A message to be indexed.
struct Entry {
    crypto::ContentId id;
    std::uint64_t size_bytes = 0;    ///< raw
    std::int64_t fallback_date = 0;  ///< seconds since 1970, where there is no Date header
    mail::Searchable message;
};

/// A shard's bytes in memory, before they are sealed.
class FinishedShard {
public:
    FinishedShard(FileDescriptor memory_file, std::uint64_t documents);

    std::uint64_t size_bytes() const;
    std::uint64_t documents() const noexcept { return documents_; }
    /// Exactly `length` bytes from `offset`, which are in the file.
    ByteBuffer read(std::uint64_t offset, std::uint64_t length) const;

private:
    FileDescriptor memory_file_;
    std::uint64_t documents_ = 0;
};

/// Builds one shard with some threads of its own. Calls come from one thread. After an exception it
/// is spent. What it needs of files lies in `folder`, which is empty again when it goes.
class ShardBuilder {
public:
    ShardBuilder(std::filesystem::path folder, const Languages& languages, unsigned threads);
    ~ShardBuilder();

    /// Waits while more than a few MiB of text are queued. Throws what indexing an earlier entry
    /// threw (storage: the memory is full).
    void add(Entry entry);
    /// Nothing more comes: what is left is indexed while the caller does something else.
    void close();
    std::uint64_t documents() const noexcept;  ///< given so far

    /// nullopt when nothing was added.
    std::optional<FinishedShard> finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A stored shard: its bytes come chunk by chunk, opened by whoever has the keys.
struct ShardSource {
    crypto::Hash object;
    std::uint64_t size_bytes = 0;
    std::uint64_t chunk_bytes = 0;  ///< it is read in these; the last may be shorter
    /// Bytes [chunk * chunk_bytes, …), whole or up to the end. May throw damaged, tampered,
    /// store_unavailable. Called by one thread at a time, those of other shards meanwhile by
    /// others.
    std::function<ByteBuffer(std::size_t chunk)> read;

    std::size_t chunk_count() const noexcept
    {
        return static_cast<std::size_t>((size_bytes + chunk_bytes - 1) / chunk_bytes);
    }
};

/// One shard with the documents of all; suggestions for misspelt words are built here. Throws
/// damaged when one of them is no shard, and what their reading throws.
FinishedShard merge(const std::vector<ShardSource>& shards);

/// Which shards to merge next, by size tiers, smallest first; empty when nothing is worth it. Sizes
/// in bytes; the answer holds positions in `sizes`. A merged shard stays under max_shard_bytes.
std::vector<std::size_t> next_merge(const std::vector<std::uint64_t>& sizes);

}  // namespace mailhold::index
