// The fetching still to be done for one account.

#include "fetch_queue.hpp"

#include <algorithm>

namespace mailhold::harvest {
namespace {

constexpr std::size_t messages_per_task = 500;

}  // namespace

FetchQueue::FetchQueue(const std::vector<FetchFolder>& folders)
    : folders_(folders), open_tasks_(folders.size()), dropped_(folders.size())
{
    for (std::size_t folder = 0; folder < folders.size(); ++folder) {
        const std::vector<Uid>& uids = folders[folder].uids;
        for (std::size_t first = 0; first < uids.size(); first += messages_per_task) {
            const std::size_t last = std::min(first + messages_per_task, uids.size());
            waiting_.push_back({.folder = folder,
                                .uids = {uids.begin() + static_cast<std::ptrdiff_t>(first),
                                         uids.begin() + static_cast<std::ptrdiff_t>(last)}});
            ++open_tasks_[folder];
        }
    }
}

std::optional<FetchTask> FetchQueue::take(std::optional<std::size_t> open_folder)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !waiting_.empty() || running_ == 0; });
    if (closed_ || waiting_.empty())
        return {};
    auto chosen = std::find_if(waiting_.begin(), waiting_.end(), [&](const FetchTask& task) {
        return open_folder && task.folder == *open_folder;
    });
    if (chosen == waiting_.end())
        chosen = waiting_.begin();
    FetchTask task = std::move(*chosen);
    waiting_.erase(chosen);
    ++running_;
    return task;
}

void FetchQueue::done(const FetchTask& task, std::vector<FetchTask> left)
{
    const std::lock_guard lock(mutex_);
    --running_;
    --open_tasks_[task.folder];
    for (FetchTask& rest : left) {
        if (rest.uids.empty() || dropped_[rest.folder])
            continue;
        ++open_tasks_[rest.folder];
        waiting_.push_front(std::move(rest));
    }
    finish_folder_if_complete(task.folder);
    changed_.notify_all();
}

void FetchQueue::drop_folder(std::size_t folder)
{
    const std::lock_guard lock(mutex_);
    dropped_[folder] = true;
    open_tasks_[folder] -=
        std::erase_if(waiting_, [folder](const FetchTask& task) { return task.folder == folder; });
    changed_.notify_all();
}

void FetchQueue::close()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

bool FetchQueue::closed() const
{
    const std::lock_guard lock(mutex_);
    return closed_;
}

std::size_t FetchQueue::messages_waiting() const
{
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const FetchTask& task : waiting_)
        count += task.uids.size();
    return count;
}

void FetchQueue::finish_folder_if_complete(std::size_t folder)
{
    if (open_tasks_[folder] == 0 && !dropped_[folder] && folders_[folder].complete)
        folders_[folder].complete();
}

}  // namespace mailhold::harvest
