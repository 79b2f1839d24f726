// Opening many shards as one database, and finding out which of them was at fault.

#include "open_shards.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

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

/// Calls work(thread, i) for each i below `count`. What one of them throws first is thrown when all
/// threads have ended.
void in_parallel(std::size_t threads, std::size_t count,
                 const std::function<void(std::size_t, std::size_t)>& work)
{
    std::atomic<std::size_t> next = 0;
    std::mutex lock;
    std::exception_ptr failure;
    const auto run = [&](std::size_t thread) {
        try {
            for (std::size_t i = next++; i < count; i = next++)
                work(thread, i);
        } catch (...) {
            next = count;
            const std::scoped_lock guard(lock);
            if (!failure)
                failure = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (std::size_t thread = 1; thread < std::min(threads, count); ++thread)
            helpers.emplace_back(run, thread);
        run(0);
    }
    if (failure)
        std::rethrow_exception(failure);
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
        if (error.kind() == ErrorKind::damaged && !shard.empty() && !names_a_shard(error))
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
    each_.resize(files_.size());
    in_parallel(threads(), files_.size(), [&](std::size_t /*thread*/, std::size_t shard) {
        each_[shard] = open(*files_[shard]);
    });
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

std::size_t OpenShards::threads() const noexcept
{
    constexpr std::size_t most = 4;
    const std::size_t serving = std::min<std::size_t>(std::thread::hardware_concurrency(), most);
    return std::max<std::size_t>(1, std::min(serving, sources_.size()));
}

void OpenShards::for_each(const std::function<void(std::size_t, std::size_t)>& work) const
{
    in_parallel(threads(), files_.size(), [&](std::size_t thread, std::size_t shard) {
        reading(name_of(*files_[shard]), [&] { work(thread, shard); });
    });
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

bool OpenShards::names_a_shard(const Error& error) const
{
    const std::string_view text = error.what();
    return std::ranges::any_of(files_, [&](const std::unique_ptr<LazyFile>& file) {
        return text.find(name_of(*file)) != std::string_view::npos;
    });
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
