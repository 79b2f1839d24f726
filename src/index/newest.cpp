// What is too old is told from groups of documents (docs/format.md, Shards, slot 4).

#include "newest.hpp"

#include <algorithm>

#include "values.hpp"

namespace mailhold::index {

void DateFloor::offer(std::int64_t date)
{
    if (date < floor_)
        return;
    const std::lock_guard lock(mutex_);
    newest_.push(date);
    if (newest_.size() > wanted_)
        newest_.pop();
    if (newest_.size() == wanted_ && !newest_.empty())
        floor_ = newest_.top();
}

NewestKeys::NewestKeys(const Xapian::Database& shard, DateFloor& floor) : floor_(floor)
{
    for (auto newest = shard.valuestream_begin(group_newest_slot);
         newest != shard.valuestream_end(group_newest_slot); ++newest)
        groups_.push_back({.last = newest.get_docid(), .newest = date_of(*newest)});
}

bool NewestKeys::is_too_old(Xapian::docid document) const
{
    const auto group = std::ranges::lower_bound(groups_, document, {}, &Group::last);
    return group != groups_.end() && group->newest < floor_.date();
}

std::string NewestKeys::operator()(const Xapian::Document& document) const
{
    if (is_too_old(document.get_docid()))
        return {};
    std::string key = document.get_value(date_slot);
    floor_.offer(date_of(key));
    return key;
}

}  // namespace mailhold::index
