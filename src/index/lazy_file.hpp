#pragma once
// A shard as a file in memory whose chunks are opened when Xapian first reads them.

#include <deque>
#include <vector>

#include "mailhold/base/callback_guard.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/index/shard.hpp"
#include "pread_hook.hpp"

namespace mailhold::index {

/// Not for sharing by threads.
class LazyFile final : public LateBytes {
public:
    /// At most `most_bytes` of it are in memory at a time, besides the first chunk (0: any number);
    /// no read may ask for more. Throws what reading the first chunk throws.
    LazyFile(const ShardSource& source, std::uint64_t most_bytes);
    ~LazyFile() override;
    LazyFile(const LazyFile&) = delete;
    LazyFile& operator=(const LazyFile&) = delete;

    /// A descriptor for Xapian to take; one at a time. Where reads do not come to us the whole file
    /// is filled first.
    int open();
    /// Before Xapian closes it.
    void detach() noexcept;

    /// True when a read of the open descriptor came to us.
    bool was_asked() const noexcept { return asked_; }
    /// Reads whatever is missing, for a file whose reads do not come to us.
    void fill();
    bool is_filled() const noexcept { return filled_; }

    /// Of this thread, the file that was read last through the hook. Never looked into: it may be
    /// gone.
    static const LazyFile* last_asked() noexcept;
    static void forget_last_asked() noexcept;

    /// Rethrows what reading a chunk threw inside Xapian, once.
    void rethrow() { guard_.rethrow(); }

    const ShardSource& source() const noexcept { return source_; }
    std::uint64_t read_bytes() const noexcept { return read_bytes_; }

    bool provide(std::uint64_t offset, std::size_t size) noexcept override;

private:
    void require(std::size_t chunk);
    void make_room();

    ShardSource source_;
    std::uint64_t most_bytes_;
    FileDescriptor file_;
    int xapians_ = -1;  // Xapian owns it
    bool asked_ = false;
    bool filled_ = false;
    std::vector<bool> present_;
    std::deque<std::size_t> oldest_;  // of the present chunks, while their number is limited
    std::uint64_t read_bytes_ = 0;
    CallbackGuard guard_;
};

}  // namespace mailhold::index
