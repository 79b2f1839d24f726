// Waiting and counting.

#include "intake_queue.hpp"

namespace mailhold::ledger {

/// Each caller gets its own copy: Errors take context on their way up.
void IntakeQueue::require_open() const
{
    if (error_)
        throw Error(*error_);
    if (closed_)
        throw Error(ErrorKind::bug, "the intake is finished already");
}

Room& Room::operator=(Room&& other) noexcept
{
    if (this != &other) {
        shrink_to(0);
        queue_ = other.queue_;
        bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
}

void Room::shrink_to(std::uint64_t bytes) noexcept
{
    if (bytes >= bytes_)
        return;
    queue_->release(bytes_ - bytes);
    bytes_ = bytes;
}

Room IntakeQueue::reserve(std::uint64_t bytes)
{
    std::unique_lock lock(mutex_);
    const std::uint64_t place = next_in_line_++;
    changed_.wait(lock, [&] {
        return closed_ ||
               (place == served_ && (held_bytes_ == 0 || held_bytes_ + bytes <= limit_bytes_));
    });
    require_open();
    ++served_;
    held_bytes_ += bytes;
    lock.unlock();
    changed_.notify_all();
    return Room(*this, bytes);
}

bool IntakeQueue::has_waiting()
{
    const std::lock_guard lock(mutex_);
    return served_ < next_in_line_;
}

void IntakeQueue::release(std::uint64_t bytes) noexcept
{
    {
        const std::lock_guard lock(mutex_);
        held_bytes_ -= bytes;
    }
    changed_.notify_all();
}

void IntakeQueue::push(Item item, Room room)
{
    {
        const std::lock_guard lock(mutex_);
        require_open();
        items_.emplace_back(std::move(item), std::move(room));
    }
    changed_.notify_all();
}

IntakeQueue::Taken IntakeQueue::take(Item& item, Room& room, std::optional<SteadyTime> deadline)
{
    std::unique_lock lock(mutex_);
    const auto ready = [&] { return closed_ || !items_.empty(); };
    if (!deadline)
        changed_.wait(lock, ready);
    else if (!changed_.wait_until(lock, *deadline, ready))
        return Taken::timeout;
    if (closed_)
        return Taken::closed;
    auto [taken, taken_room] = std::move(items_.front());
    items_.pop_front();
    lock.unlock();
    item = std::move(taken);
    room = std::move(taken_room);
    return Taken::item;
}

void IntakeQueue::wait_until(const std::function<bool()>& reached)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || reached(); });
    if (!reached())
        require_open();
}

void IntakeQueue::announce(const std::function<void()>& change)
{
    {
        const std::lock_guard lock(mutex_);
        change();
    }
    changed_.notify_all();
}

void IntakeQueue::close(const std::optional<Error>& error)
{
    std::deque<std::pair<Item, Room>> dropped;  // freed without the lock, which their rooms take
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        if (!error_)
            error_ = error;
        dropped.swap(items_);
    }
    changed_.notify_all();
}

}  // namespace mailhold::ledger
