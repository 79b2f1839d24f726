// Merging: the sources are read once from front to end, so only a part of each is in memory.

#include "memory_file.hpp"
#include "open_shards.hpp"

namespace mailhold::index {

namespace {

constexpr std::size_t most_chunks = 16 * mebibyte / chunk_bytes;  // of all sources together
constexpr std::size_t fewest_chunks = 16;                         // of one

}  // namespace

FinishedShard merge(const std::vector<ShardSource>& shards)
{
    OpenShards open(shards,
                    std::max(fewest_chunks, most_chunks / std::max<std::size_t>(1, shards.size())));
    FileDescriptor file = new_memory_file();
    std::uint64_t documents = 0;
    open.use([&] {
        Xapian::Database all = open.all();
        documents = all.get_doccount();
        all.compact(duplicate_from_start(file),
                    Xapian::DBCOMPACT_SINGLE_FILE | Xapian::Compactor::FULL);
    });
    return FinishedShard(std::move(file), documents);
}

}  // namespace mailhold::index
