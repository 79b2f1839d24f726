// Opening many shards as one database, and finding out which of them was at fault.

#include "open_shards.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sys/resource.h>

#include "xapian_seam.hpp"

namespace mailhold::index {

namespace {

constexpr rlim_t files_of_others = 256;
constexpr rlim_t files_a_shard = 2;  // ours, and Xapian's copy of it

/// Best effort: when it does not help, opening says which limit was met.
void allow_open_files(std::size_t shards)
{
    const rlim_t wanted = shards * files_a_shard + files_of_others;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = std::min(limit.rlim_max, wanted);
    setrlimit(RLIMIT_NOFILE, &limit);
}

std::string name_of(const LazyFile& file)
{
    return "shard " + file.source().object.hex();
}

}  // namespace

OpenShards::OpenShards(std::vector<ShardSource> sources, std::size_t most_chunks)
    : sources_(std::move(sources)), most_chunks_(most_chunks)
{
}

OpenShards::~OpenShards()
{
    close();
}

void OpenShards::use(const std::function<void()>& work)
{
    if (sources_.empty())
        return;  // Xapian refuses to search nothing
    LazyFile::forget_last_asked();
    try {
        reading("the search index", [&] {
            open();
            work();
        });
    } catch (Error& error) {
        const std::string shard = last_read();
        close();  // Xapian may stand half way between two places
        rethrow_own();
        if (error.kind() == ErrorKind::damaged && !shard.empty() &&
            std::string_view(error.what()).find(shard) == std::string_view::npos)
            error.add_context(shard);
        throw;
    } catch (const std::exception&) {
        close();
        throw;
    }
}

void OpenShards::open()
{
    if (is_open_)
        return;
    allow_open_files(sources_.size());
    while (files_.size() < sources_.size())
        files_.push_back(std::make_unique<LazyFile>(sources_[files_.size()], most_chunks_));
    for (const std::unique_ptr<LazyFile>& file : files_)
        each_.push_back(open(*file));
    for (const Xapian::Database& one : each_)
        all_.add_database(one);
    is_open_ = true;
}

Xapian::Database OpenShards::open(LazyFile& file)
{
    try {
        Xapian::Database opened(file.open());
        if (file.was_asked() || file.is_filled())
            return opened;
    } catch (const Xapian::Error&) {
        if (file.was_asked() || file.is_filled())
            reading(name_of(file), [] { throw; });
    }
    // It was read past us, and was empty still.
    file.detach();
    file.fill();
    return reading(name_of(file), [&] { return Xapian::Database(file.open()); });
}

void OpenShards::close() noexcept
{
    for (const std::unique_ptr<LazyFile>& file : files_)
        file->detach();
    all_ = Xapian::Database();
    each_.clear();
    is_open_ = false;
}

void OpenShards::rethrow_own()
{
    for (const std::unique_ptr<LazyFile>& file : files_)
        file->rethrow();
}

std::string OpenShards::last_read() const
{
    for (const std::unique_ptr<LazyFile>& file : files_)
        if (file.get() == LazyFile::last_asked() || files_.size() == 1)
            return name_of(*file);
    return {};
}

std::uint64_t OpenShards::read_bytes() const noexcept
{
    std::uint64_t bytes = 0;
    for (const std::unique_ptr<LazyFile>& file : files_)
        bytes += file->read_bytes();
    return bytes;
}

}  // namespace mailhold::index
