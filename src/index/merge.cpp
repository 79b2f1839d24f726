// Merging: the sources are read once from front to end, so only a part of each is in memory.

#include "memory_file.hpp"
#include "open_shards.hpp"

namespace mailhold::index {

namespace {

constexpr std::uint64_t most_bytes = 16 * mebibyte;   // in memory, of all sources together
constexpr std::uint64_t fewest_bytes = 1 * mebibyte;  // of one

}  // namespace

FinishedShard merge(const std::vector<ShardSource>& shards)
{
    OpenShards open(shards,
                    std::max(fewest_bytes, most_bytes / std::max<std::size_t>(1, shards.size())));
    FileDescriptor file = new_memory_file();
    std::uint64_t documents = 0;
    open.use([&] {
        Xapian::Database all = open.all();
        documents = all.get_doccount();
        all.compact(duplicate_from_start(file),
                    Xapian::DBCOMPACT_SINGLE_FILE | Xapian::Compactor::FULL,
                    static_cast<int>(database_block_bytes));
    });
    return FinishedShard(std::move(file), documents);
}

}  // namespace mailhold::index
