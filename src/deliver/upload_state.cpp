// A queue bounded in bytes, and sums under one lock.

#include "upload_state.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace mailhold::deliver {

namespace {

constexpr std::uint64_t told_messages = 16;

}  // namespace

UploadState::UploadState(std::span<const UploadMessage> messages, const UploadOptions& options,
                         ProgressSink& progress, std::string address)
    : messages_(messages), options_(options), progress_(progress)
{
    report_.planned = messages.size();
    event_.account = std::move(address);
    event_.messages_total = messages.size();
    for (const UploadMessage& message : messages)
        report_.missing_bytes += message.size_bytes;
    event_.bytes_total = report_.missing_bytes;
}

bool UploadState::wait_for_room(std::uint64_t bytes)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
        return ended_ || bytes_on_their_way_ == 0 ||
               bytes_on_their_way_ + bytes <= options_.memory_bytes;
    });
    bytes_on_their_way_ += ended_ ? 0 : bytes;
    return !ended_;
}

void UploadState::put(Batch batch)
{
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(batch));
    changed_.notify_all();
}

void UploadState::give_back(Batch batch)
{
    const std::lock_guard lock(mutex_);
    waiting_.push_front(std::move(batch));
    changed_.notify_all();
}

void UploadState::close()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

void UploadState::reopen()
{
    const std::lock_guard lock(mutex_);
    closed_ = false;
}

std::optional<Batch> UploadState::take()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ || closed_ || !waiting_.empty(); });
    if (ended_ || waiting_.empty())
        return {};
    Batch batch = std::move(waiting_.front());
    waiting_.pop_front();
    return batch;
}

std::vector<std::size_t> UploadState::take_untaken()
{
    const std::lock_guard lock(mutex_);
    std::vector<std::size_t> messages;
    for (const Batch& batch : std::exchange(waiting_, {}))
        for (const Parcel& parcel : batch.parcels)
            messages.push_back(parcel.message);
    bytes_on_their_way_ = 0;
    return messages;
}

void UploadState::settle(std::uint64_t bytes)
{
    const std::lock_guard lock(mutex_);
    bytes_on_their_way_ -= std::min(bytes, bytes_on_their_way_);
    changed_.notify_all();
}

void UploadState::already_there(std::size_t message)
{
    const std::lock_guard lock(mutex_);
    ++report_.already_there;
    reached(message);
}

void UploadState::fail(std::size_t message, std::string why)
{
    const std::lock_guard lock(mutex_);
    report_.failed.push_back({.message = message, .why = std::move(why)});
    reached(message);
}

void UploadState::uploaded(std::size_t message)
{
    const std::lock_guard lock(mutex_);
    const std::uint64_t bytes = messages_[message].size_bytes;
    ++report_.uploaded;
    report_.bytes += bytes;
    report_.biggest_bytes = std::max(report_.biggest_bytes, bytes);
    reached(message);
}

void UploadState::verified(std::size_t message, const Print& sent, const Print& there)
{
    const auto& date = messages_[message].date;
    const std::lock_guard lock(mutex_);
    ++report_.verified;
    rewritten_messages_ += there.exact != sent.exact ? 1 : 0;
    redated_messages_ +=
        date && there.date && date->epoch_seconds != there.date->epoch_seconds ? 1 : 0;
}

void UploadState::merged()
{
    const std::lock_guard lock(mutex_);
    ++report_.merged;
    ++report_.verified;
}

void UploadState::changed_by_server()
{
    const std::lock_guard lock(mutex_);
    ++report_.changed;
}

void UploadState::left_out(const std::string& keyword)
{
    const std::lock_guard lock(mutex_);
    ++left_out_[keyword];
}

void UploadState::reconnected()
{
    const std::lock_guard lock(mutex_);
    ++report_.reconnections;
}

void UploadState::leave_unplaced(std::vector<Unplaced> unplaced)
{
    const std::lock_guard lock(mutex_);
    std::ranges::move(unplaced, std::back_inserter(unplaced_));
}

std::vector<Unplaced> UploadState::take_unplaced()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(unplaced_, {});
}

bool UploadState::spend(std::uint64_t bytes)
{
    {
        const std::lock_guard lock(mutex_);
        if (!options_.budget_bytes || budget_spent_ + bytes <= *options_.budget_bytes) {
            budget_spent_ += bytes;
            return true;
        }
    }
    end(UploadEnd::budget_spent, "what the provider takes in a day is used up");
    return false;
}

void UploadState::take_back(std::uint64_t bytes)
{
    const std::lock_guard lock(mutex_);
    budget_spent_ -= std::min(bytes, budget_spent_);
}

void UploadState::end(UploadEnd end, std::string why)
{
    const std::lock_guard lock(mutex_);
    if (ended_)
        return;
    ended_ = true;
    report_.end = end;
    report_.why = std::move(why);
    changed_.notify_all();
}

bool UploadState::has_ended() const
{
    const std::lock_guard lock(mutex_);
    return ended_;
}

UploadReport UploadState::report()
{
    const std::lock_guard lock(mutex_);
    const auto warn = [&](std::uint64_t count, std::string_view what) {
        if (count > 0)
            report_.warnings.push_back(
                fmt::format("{} {}: {}", count, count == 1 ? "message" : "messages", what));
    };
    warn(rewritten_messages_, "the server rewrote line ends or NUL bytes; all else is equal");
    warn(redated_messages_, "the server gave another date of arrival");
    warn(report_.changed,
         "the server keeps other text than it was given; the vault has the original");
    for (const auto& [keyword, count] : left_out_)
        warn(count, fmt::format("refused with the keyword {}, and taken without it", keyword));
    std::ranges::sort(report_.failed, {}, &FailedUpload::message);
    event_.finished = true;
    progress_.report(event_);
    return std::move(report_);
}

/// Called under the lock, so that events come in order. A message that failed after it was accepted
/// is reached twice.
void UploadState::reached(std::size_t message)
{
    const std::uint64_t bytes = messages_[message].size_bytes;
    report_.missing_bytes -= std::min(bytes, report_.missing_bytes);
    event_.bytes_done += bytes;
    if (++event_.messages_done % told_messages == 0)
        progress_.report(event_);
}

}  // namespace mailhold::deliver
