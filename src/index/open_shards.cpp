// Opening many shards as one database, and finding out which of them was at fault.

#include "open_shards.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include <sys/resource.h>

#include "start_threads.hpp"
#include "xapian_seam.hpp"

namespace mailhold::index {

namespace {

constexpr std::size_t most_threads = 4;
constexpr rlim_t files_of_others = 256;
constexpr rlim_t files_a_shard = 3;  // the store's, ours in memory, and Xapian's copy of that

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

std::string name_of(const ShardSource& source)
{
    return "shard " + source.object.hex();
}

/// Damage that does not name its shard yet does then; `shard` may be empty.
void name_in(Error& error, const std::string& shard)
{
    if (error.kind() == ErrorKind::damaged && !shard.empty() &&
        std::string_view(error.what()).find(shard) == std::string_view::npos)
        error.add_context(shard);
}

/// Calls `work` with each number below `count`, in a few threads; the first failure is thrown when
/// all are done.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work)
{
    std::vector<std::exception_ptr> failures(count);
    std::atomic<std::size_t> next = 0;
    const auto work_along = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                work(i);
            } catch (...) {
                failures[i] = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> helpers;
        const std::size_t threads = std::min<std::size_t>(
            {count, most_threads, std::max(1U, std::thread::hardware_concurrency())});
        start_threads(helpers, std::max<std::size_t>(threads, 1) - 1, work_along);
        work_along();
    }
    for (const std::exception_ptr& failure : failures)
        if (failure)
            std::rethrow_exception(failure);
}

}  // namespace

OpenShards::OpenShards(std::vector<ShardSource> sources, std::uint64_t most_bytes)
    : sources_(std::move(sources)), most_bytes_(most_bytes)
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
        name_in(error, shard);
        throw;
    } catch (const std::exception&) {
        close();
        throw;
    }
}

void OpenShards::use_each(
    const std::function<void(std::size_t position, const Xapian::Database& shard)>& work)
{
    try {
        open();
        in_parallel(sources_.size(), [&](std::size_t done_before) {
            const std::size_t position = sources_.size() - 1 - done_before;
            work_on(position, [&] { work(position, each_[position]); });
        });
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
    files_.resize(sources_.size());
    each_.resize(sources_.size());
    in_parallel(sources_.size(),
                [this](std::size_t position) { work_on(position, [&] { open_one(position); }); });
    for (const Xapian::Database& one : each_)
        all_.add_database(one);
    is_open_ = true;
}

void OpenShards::work_on(std::size_t position, const std::function<void()>& work)
{
    try {
        reading(name_of(sources_[position]), work);
    } catch (Error& error) {
        if (files_[position])
            files_[position]->rethrow();  // why Xapian could not read
        name_in(error, name_of(sources_[position]));
        throw;
    }
}

void OpenShards::open_one(std::size_t position)
{
    std::unique_ptr<LazyFile>& file = files_[position];
    if (!file)
        file = std::make_unique<LazyFile>(sources_[position], most_bytes_);
    each_[position] = opened(*file);
}

Xapian::Database OpenShards::opened(LazyFile& file)
{
    try {
        Xapian::Database opened(file.open());
        if (file.was_asked() || file.is_filled())
            return opened;
    } catch (const Xapian::Error&) {
        if (file.was_asked() || file.is_filled())
            throw;
    }
    // It was read past us, and was empty still.
    file.detach();
    file.fill();
    return Xapian::Database(file.open());
}

void OpenShards::close() noexcept
{
    for (const std::unique_ptr<LazyFile>& file : files_)
        if (file)
            file->detach();
    all_ = Xapian::Database();
    each_.clear();
    is_open_ = false;
}

void OpenShards::rethrow_own()
{
    for (const std::unique_ptr<LazyFile>& file : files_)
        if (file)
            file->rethrow();
}

std::string OpenShards::last_read() const
{
    for (const std::unique_ptr<LazyFile>& file : files_)
        if (file && (file.get() == LazyFile::last_asked() || files_.size() == 1))
            return name_of(file->source());
    return {};
}

std::uint64_t OpenShards::read_bytes() const noexcept
{
    std::uint64_t bytes = 0;
    for (const std::unique_ptr<LazyFile>& file : files_)
        bytes += file ? file->read_bytes() : 0;
    return bytes;
}

}  // namespace mailhold::index
