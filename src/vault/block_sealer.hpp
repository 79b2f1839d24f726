#pragma once
// Background threads that seal an archive's blocks and append them in order.

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "mailhold/sealed/stream.hpp"

namespace mailhold::vault {

/// Takes blocks from one thread. Holds at most one block more than it has threads, so memory stays
/// bounded whatever the disk does. What a thread throws comes out of the next call, and every later
/// one.
class BlockSealer {
public:
    /// `stream` outlives it and is not used by others before drain() returns.
    BlockSealer(sealed::StreamWriter& stream, unsigned threads);
    ~BlockSealer();

    /// The next block of the stream. Waits while too many are held.
    void submit(ByteBuffer plain);

    /// Returns when all submitted blocks are appended.
    void drain();

    /// An empty buffer, with the memory of an earlier block where there is one.
    ByteBuffer spare();

private:
    struct Job {
        std::uint64_t index = 0;
        ByteBuffer plain;
    };

    void work(const std::stop_token& stop);
    void seal(std::unique_lock<std::mutex>& lock, Job job);
    void append_ready(std::unique_lock<std::mutex>& lock);
    void wait_until_held_at_most(std::unique_lock<std::mutex>& lock, std::size_t most);

    sealed::StreamWriter& stream_;
    std::size_t most_held_;

    std::mutex mutex_;
    std::condition_variable_any job_came_;
    std::condition_variable_any block_left_;
    std::deque<Job> waiting_;
    std::map<std::uint64_t, sealed::SealedBlock> sealed_;
    std::vector<ByteBuffer> spares_;
    std::uint64_t next_index_ = 0;
    std::uint64_t next_appended_ = 0;
    std::size_t held_ = 0;
    bool appending_ = false;
    std::exception_ptr failure_;

    std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace mailhold::vault
