// Blocks are sealed in any order and appended in theirs, by whichever thread finds the next one
// ready.

#include "block_sealer.hpp"

#include <algorithm>

namespace mailhold::vault {

BlockSealer::BlockSealer(sealed::StreamWriter& stream, unsigned threads)
    : stream_(stream), most_held_(std::max(threads, 1u) + 1)
{
    for (unsigned i = 0; i < std::max(threads, 1u); ++i)
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

BlockSealer::~BlockSealer()
{
    for (std::jthread& thread : threads_)
        thread.request_stop();  // all before the first join
}

void BlockSealer::submit(ByteBuffer plain)
{
    std::unique_lock lock(mutex_);
    wait_until_held_at_most(lock, most_held_ - 1);
    waiting_.push_back({next_index_++, std::move(plain)});
    held_ += 1;
    job_came_.notify_one();
}

void BlockSealer::drain()
{
    std::unique_lock lock(mutex_);
    wait_until_held_at_most(lock, 0);
}

ByteBuffer BlockSealer::spare()
{
    const std::scoped_lock lock(mutex_);
    if (spares_.empty())
        return {};
    ByteBuffer buffer = std::move(spares_.back());
    spares_.pop_back();
    return buffer;
}

void BlockSealer::wait_until_held_at_most(std::unique_lock<std::mutex>& lock, std::size_t most)
{
    block_left_.wait(lock, [&] { return failure_ || held_ <= most; });
    if (failure_)
        std::rethrow_exception(failure_);
}

void BlockSealer::work(const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    while (job_came_.wait(lock, stop, [&] { return !waiting_.empty() || failure_; })) {
        if (failure_ || stop.stop_requested())
            return;
        Job job = std::move(waiting_.front());
        waiting_.pop_front();
        try {
            seal(lock, std::move(job));
            append_ready(lock);
        } catch (...) {  // a thread's entry point: the next call rethrows it
            if (!lock.owns_lock())
                lock.lock();
            failure_ = std::current_exception();
            block_left_.notify_all();
            job_came_.notify_all();
        }
    }
}

void BlockSealer::seal(std::unique_lock<std::mutex>& lock, Job job)
{
    lock.unlock();
    sealed::SealedBlock sealed = stream_.seal_block(job.index, job.plain);
    job.plain.clear();
    lock.lock();
    sealed_.emplace(job.index, std::move(sealed));
    if (spares_.size() < most_held_)
        spares_.push_back(std::move(job.plain));
}

void BlockSealer::append_ready(std::unique_lock<std::mutex>& lock)
{
    while (!appending_ && !sealed_.empty() && sealed_.begin()->first == next_appended_) {
        const auto block = sealed_.extract(sealed_.begin());
        appending_ = true;
        lock.unlock();
        stream_.append(block.mapped());  // on failure appending_ stays: nothing may follow a gap
        lock.lock();
        appending_ = false;
        next_appended_ += 1;
        held_ -= 1;
        block_left_.notify_all();
    }
}

}  // namespace mailhold::vault
