#pragma once
// Search shards as sealed objects: index/<hash>, in blocks of exactly 64 KiB, so that a search
// opens only those it needs (docs/format.md, Sealed stream).

#include <functional>
#include <memory>
#include <string>

#include "mailhold/objects/store.hpp"
#include "mailhold/sealed/stream.hpp"
#include "mailhold/vault/keys.hpp"

namespace mailhold::vault {

/// index/<hash>.
std::string shard_name(const crypto::Hash& object);

/// Seals one shard into an upload. The object gets its name with publish(); destroyed before, it
/// leaves nothing.
class ShardUpload {
public:
    /// Bytes [offset, offset + length) of the shard.
    using Source = std::function<ByteBuffer(std::uint64_t offset, std::uint64_t length)>;

    ShardUpload(objects::Store& store, const WriterKit& kit, std::uint64_t size_bytes,
                const Source& source);
    ~ShardUpload();

    const sealed::Finished& stream() const noexcept { return finished_; }
    /// Durable when it returns.
    void publish();

private:
    std::unique_ptr<objects::Upload> upload_;
    sealed::Finished finished_;
};

/// A stored shard, bound to the header and block table that the journal gave. Takes `blocks` only
/// when the store has opened the object: who could not reach it may ask again. Throws tampered,
/// damaged, wrong_key, and what the store throws.
sealed::StreamReader open_shard(const objects::Store& store, const ReaderKeys& keys,
                                const crypto::Hash& object, Bytes header,
                                sealed::BlockTable&& blocks);

}  // namespace mailhold::vault
