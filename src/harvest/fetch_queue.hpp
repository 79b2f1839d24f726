#pragma once
// The fetching still to be done for one account, shared by its connections.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "fetcher.hpp"

namespace mailhold::harvest {

/// A few hundred messages of one folder.
struct FetchTask {
    std::size_t folder = 0;
    std::vector<Uid> uids{};
    bool is_suspect = false;  ///< one message, at which a session broke before
};

/// Thread-safe.
class FetchQueue {
public:
    explicit FetchQueue(const std::vector<FetchFolder>& folders);

    /// Next task; prefers `open_folder`. Blocks while others may still give tasks back; nullopt
    /// when all is done or the queue was closed.
    std::optional<FetchTask> take(std::optional<std::size_t> open_folder);

    /// Ends a task; what is left of it comes back as new tasks.
    void done(const FetchTask& task, std::vector<FetchTask> left = {});
    /// Nothing more of this folder can be had (it was deleted meanwhile).
    void drop_folder(std::size_t folder);
    void close();
    bool closed() const;
    std::size_t messages_waiting() const;

private:
    void finish_folder_if_complete(std::size_t folder);

    const std::vector<FetchFolder>& folders_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<FetchTask> waiting_;
    std::vector<std::size_t> open_tasks_;  ///< by folder: waiting and running
    std::vector<bool> dropped_;
    std::size_t running_ = 0;
    bool closed_ = false;
};

}  // namespace mailhold::harvest
