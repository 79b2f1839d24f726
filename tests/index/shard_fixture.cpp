// Shards in memory, stored nowhere.

#include "shard_fixture.hpp"

#include <algorithm>
#include <stdexcept>

namespace mailhold::test {

index::FinishedShard built(const std::vector<index::Entry>& entries, unsigned threads)
{
    const TempDir folder;
    index::ShardBuilder builder(folder.path(), english, threads);
    for (const index::Entry& entry : entries)
        builder.add(entry);
    std::optional<index::FinishedShard> shard = builder.finish();
    if (!shard)
        throw std::runtime_error("a shard of nothing");
    return std::move(*shard);
}

std::vector<index::Entry> generated_entries(std::uint64_t begin, std::uint64_t end,
                                            const EntryShape& shape)
{
    std::vector<index::Entry> entries;
    for (std::uint64_t number = begin; number < end; ++number)
        entries.push_back(generated_entry(number, shape));
    return entries;
}

ByteBuffer all_bytes(const index::FinishedShard& shard)
{
    return shard.read(0, shard.size_bytes());
}

index::ShardSource source_of(ByteBuffer bytes)
{
    static std::uint64_t number = 0;
    index::ShardSource source;
    source.object = crypto::Hash::from_bytes(generated_id(++number).bytes());
    source.size_bytes = bytes.size();
    source.chunk_bytes = chunk_bytes;
    source.read = [kept = std::make_shared<ByteBuffer>(std::move(bytes))](std::size_t chunk) {
        const std::size_t begin = chunk * chunk_bytes;
        const std::size_t size = std::min<std::size_t>(chunk_bytes, kept->size() - begin);
        return copy_of(Bytes(*kept).subspan(begin, size));
    };
    return source;
}

index::Query word(std::string text, std::optional<index::Field> field)
{
    index::Query query;
    query.kind = index::Query::Kind::word;
    query.text = std::move(text);
    query.field = field;
    return query;
}

index::Query everything()
{
    return {};
}

index::Query combined(index::Query::Kind kind, std::vector<index::Query> parts)
{
    index::Query query;
    query.kind = kind;
    query.parts = std::move(parts);
    return query;
}

}  // namespace mailhold::test
