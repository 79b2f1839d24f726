#pragma once
// The newest matches without the dates of all: most documents lie in groups that are too old.

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include <xapian.h>

namespace mailhold::index {

/// How new a match must be to count among the newest `wanted`. For sharing by threads.
class DateFloor {
public:
    /// `wanted` is at least 1.
    explicit DateFloor(std::size_t wanted) : wanted_(wanted) {}

    /// There is a match of this date; each match is told once at most.
    void offer(std::int64_t date);
    /// Matches older than this are not wanted; of the same second, they may be.
    std::int64_t date() const noexcept { return floor_; }
    /// False while there are fewer matches than wanted.
    bool is_set() const noexcept { return floor_ != none; }

private:
    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min();

    std::size_t wanted_;
    std::mutex mutex_;
    std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> newest_;
    std::atomic<std::int64_t> floor_ = none;
};

/// Sorts the matches of one shard: the key is the date's value, or empty for what is below the
/// floor. Reads the column of dates only where its group has something new enough.
class NewestKeys final : public Xapian::KeyMaker {
public:
    /// Both must outlive this.
    NewestKeys(const Xapian::Database& shard, DateFloor& floor) : shard_(shard), floor_(floor) {}

    /// `document` is a match, and given once. Throws damaged.
    std::string operator()(const Xapian::Document& document) const override;

private:
    struct Group {
        Xapian::docid last = 0;  ///< it begins behind the last of the group before
        std::int64_t newest = 0;
    };

    bool is_too_old(Xapian::docid document) const;
    const std::vector<Group>& groups() const;

    const Xapian::Database& shard_;
    DateFloor& floor_;
    /// Read when there is a floor; mutable as Xapian calls makers of keys as const.
    mutable std::optional<std::vector<Group>> groups_;
};

}  // namespace mailhold::index
