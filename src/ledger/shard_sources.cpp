// Stored shards as a search reads them: opened chunk by chunk with the reader's keys.

#include <memory>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/ledger/index_keeper.hpp"
#include "mailhold/vault/shard.hpp"

#include "shards.hpp"

namespace mailhold::ledger {

namespace {

/// Opened when its first chunk is asked for.
class LazyShard {
public:
    LazyShard(const objects::Store& store, const vault::ReaderKeys& keys, catalog::ShardRow row)
        : store_(store), keys_(keys), object_(row.object), header_(std::move(row.header)),
          blocks_(std::move(row.blocks))
    {
    }

    ByteBuffer read(std::size_t chunk)
    {
        try {
            if (!stream_)
                stream_.emplace(
                    vault::open_shard(store_, keys_, object_, header_, std::move(blocks_)));
            return stream_->read_block(chunk);
        } catch (Error& e) {
            e.add_context(vault::shard_name(object_));
            throw;
        }
    }

private:
    const objects::Store& store_;
    const vault::ReaderKeys& keys_;
    crypto::Hash object_;
    ByteBuffer header_;
    sealed::BlockTable blocks_;
    std::optional<sealed::StreamReader> stream_;
};

}  // namespace

index::ShardSource shard_source(Core& core, const vault::ReaderKeys& keys, catalog::ShardRow row)
{
    index::ShardSource source{.object = row.object, .size_bytes = 0, .chunk_bytes = 1, .read = {}};
    if (!row.blocks.empty() && row.blocks.front().plain_bytes > 0)  // else opening it fails
        source.chunk_bytes = row.blocks.front().plain_bytes;
    for (const sealed::Block& block : row.blocks)
        source.size_bytes += block.plain_bytes;
    // Shared: std::function must be copyable.
    auto shard = std::make_shared<LazyShard>(*core.store, keys, std::move(row));
    source.read = [shard](std::size_t chunk) { return shard->read(chunk); };
    return source;
}

std::vector<catalog::ShardRow> searched_shards(const catalog::Catalog& catalog)
{
    std::vector<catalog::ShardRow> shards = catalog.shards();
    std::erase_if(shards,
                  [](const catalog::ShardRow& shard) { return !is_searched_schema(shard.schema); });
    return shards;
}

SearchedShards shard_sources(Ledger& ledger, const vault::ReaderKeys& keys)
{
    const bool may_repeat = ledger.catalog().index_may_repeat();
    SearchedShards searched{
        .sources = {}, .repeats = may_repeat ? index::Repeats::possible : index::Repeats::none};
    std::set<crypto::Hash> covered;
    for (catalog::ShardRow& row : searched_shards(ledger.catalog())) {
        for (const crypto::Hash& archive : row.covers)
            if (!covered.insert(archive).second)
                searched.repeats = index::Repeats::possible;  // stems of other languages
        searched.sources.push_back(shard_source(ledger.state_->core, keys, std::move(row)));
    }
    return searched;
}

Searchable searchable(const catalog::Catalog& catalog)
{
    const catalog::Totals totals = catalog.totals();
    return {.messages = totals.messages,
            .waiting =
                catalog.unsearchable_messages(searched_schemas().first, searched_schemas().last),
            .index_bytes = totals.index_bytes};
}

}  // namespace mailhold::ledger
