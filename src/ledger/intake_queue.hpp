#pragma once
// The queue between the threads that fetch and the one that commits: bounded in bytes, not in
// items.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "mailhold/base/clock.hpp"

#include "prepared.hpp"

namespace mailhold::ledger {

/// What the worker does, in the order it was asked for.
struct PlacedItem {
    crypto::AccountId account;
    vault::Placed placed;
};
struct EventItem {
    crypto::AccountId account;
    vault::Event event;
};
struct CursorItem {
    FolderId fid{};
    catalog::FolderCursor cursor;
};
struct FlushItem {
    std::uint64_t ticket = 0;
};
struct FinishItem {
    vault::RunEnd end;
};
using Item =
    std::variant<PreparedMessage, PlacedItem, EventItem, CursorItem, FlushItem, FinishItem>;

class IntakeQueue;

/// Room in the queue, given back at the end.
class Room {
public:
    Room() = default;
    Room(IntakeQueue& queue, std::uint64_t bytes) : queue_(&queue), bytes_(bytes) {}
    Room(Room&& other) noexcept : queue_(other.queue_), bytes_(std::exchange(other.bytes_, 0)) {}
    Room& operator=(Room&& other) noexcept;
    ~Room() { shrink_to(0); }

    /// Gives back what turned out not to be needed.
    void shrink_to(std::uint64_t bytes) noexcept;

private:
    IntakeQueue* queue_ = nullptr;
    std::uint64_t bytes_ = 0;
};

/// Thread-safe; one thread takes. Once closed with an error, every other call throws that error.
class IntakeQueue {
public:
    explicit IntakeQueue(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

    /// Waits until `bytes` more fit, or nothing else is there; first come, first served, so that a
    /// large message is not passed by small ones for ever.
    Room reserve(std::uint64_t bytes);
    void push(Item item, Room room);
    /// True while somebody waits for room.
    bool has_waiting();

    enum class Taken { item, timeout, closed };
    /// Waits for an item until `deadline`. Its room is free once `room` is.
    Taken take(Item& item, Room& room, std::optional<SteadyTime> deadline);

    /// Blocks until `reached` says so; it is asked after each announce().
    void wait_until(const std::function<bool()>& reached);
    /// Runs `change` under the queue's lock and wakes whoever waits.
    void announce(const std::function<void()>& change);

    /// Ends it: the worker stops; with an error, everybody learns it.
    void close(const std::optional<Error>& error);

private:
    friend class Room;

    void release(std::uint64_t bytes) noexcept;
    void require_open() const;

    const std::uint64_t limit_bytes_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t held_bytes_ = 0;
    std::uint64_t next_in_line_ = 0;
    std::uint64_t served_ = 0;
    std::deque<std::pair<Item, Room>> items_;
    bool closed_ = false;
    std::optional<Error> error_;
};

}  // namespace mailhold::ledger
