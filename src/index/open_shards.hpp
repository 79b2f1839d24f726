#pragma once
// Stored shards as Xapian databases, and errors that name the shard they come from.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <xapian.h>

#include "lazy_file.hpp"

namespace mailhold::index {

/// Not for sharing by threads, though it has some of its own.
class OpenShards {
public:
    /// `most_bytes`: of each shard that are in memory at a time; 0: any number. Nothing is opened
    /// yet.
    OpenShards(std::vector<ShardSource> sources, std::uint64_t most_bytes);
    ~OpenShards();
    OpenShards(const OpenShards&) = delete;
    OpenShards& operator=(const OpenShards&) = delete;

    /// Does `work` with the shards open; nothing when there are none. What reading a shard threw is
    /// thrown as it was; what Xapian says of broken bytes is damaged. Afterwards all is opened anew
    /// by the next call.
    void use(const std::function<void()>& work);

    /// Does `work` with each shard by itself, in several threads at once, the last ones first,
    /// which mostly have the newest mail; `position` is that in the sources. Throws as use() does.
    /// Xapian counts references without locks: `work` may touch no object of Xapian's, constants
    /// included, that another shard's work touches.
    void
    use_each(const std::function<void(std::size_t position, const Xapian::Database& shard)>& work);

    std::size_t size() const noexcept { return sources_.size(); }
    const Xapian::Database& all() const noexcept { return all_; }
    const std::vector<Xapian::Database>& each() const noexcept { return each_; }
    std::uint64_t read_bytes() const noexcept;

private:
    void open();
    void close() noexcept;
    void work_on(std::size_t position, const std::function<void()>& work);
    void open_one(std::size_t position);
    Xapian::Database opened(LazyFile& file);
    void rethrow_own();
    /// The shard that Xapian read last, as far as it can be known.
    std::string last_read() const;

    std::vector<ShardSource> sources_;
    std::uint64_t most_bytes_;
    std::vector<std::unique_ptr<LazyFile>> files_;  // never moved: the hook has their addresses
    std::vector<Xapian::Database> each_;
    Xapian::Database all_;
    bool is_open_ = false;
};

}  // namespace mailhold::index
