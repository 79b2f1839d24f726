// Shards are sealed like archives, and committed by the journal entry that names them.

#include "shards.hpp"

#include <algorithm>

#include "mailhold/crypto/crypto.hpp"
#include "mailhold/vault/shard.hpp"

namespace mailhold::ledger {

namespace {

constexpr unsigned language_bits = 16;
static_assert(index::database_block_bytes == sealed::shard_block_bytes);

constexpr std::uint64_t language_mask = (std::uint64_t{1} << language_bits) - 1;

}  // namespace

std::uint64_t schema_of(const index::Languages& languages)
{
    index::Languages sorted = languages;
    std::ranges::sort(sorted);
    std::string joined;
    for (const std::string& language : sorted)
        joined += language + ' ';
    const std::uint64_t hash = read_le<std::uint64_t>(crypto::hash(bytes_of(joined)).bytes(), 0);
    return index::terms_schema << language_bits | (hash & language_mask);
}

SchemaRange searched_schemas()
{
    return {.first = index::terms_schema << language_bits,
            .last = index::terms_schema << language_bits | language_mask};
}

bool is_searched_schema(std::uint64_t schema)
{
    return schema >= searched_schemas().first && schema <= searched_schemas().last;
}

vault::ShardAdded publish_shard(Core& core, const index::FinishedShard& shard, std::uint64_t schema,
                                std::vector<crypto::Hash> covers,
                                std::vector<crypto::Hash> replaces)
{
    vault::ShardUpload upload(
        *core.store, core.writer(), shard.size_bytes(),
        [&](std::uint64_t offset, std::uint64_t length) { return shard.read(offset, length); });
    const sealed::Finished& stream = upload.stream();
    core.catalog->put_expected_object(vault::shard_name(stream.object));
    upload.publish();
    return {.object = stream.object,
            .length = stream.length,
            .header = stream.header,
            .blocks = stream.blocks,
            .schema = schema,
            .documents = shard.documents(),
            .replaces = std::move(replaces),
            .covers = std::move(covers)};
}

}  // namespace mailhold::ledger
