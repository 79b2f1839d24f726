// What is too old is told from groups of documents (docs/format.md, Shards, slot 4).

#include "newest.hpp"

#include <algorithm>

#include "values.hpp"

namespace mailhold::index {

void DateFloor::offer(std::int64_t date)
{
    if (date <= floor_)
        return;
    const std::lock_guard lock(mutex_);
    newest_.push(date);
    if (newest_.size() > wanted_)
        newest_.pop();
    if (newest_.size() == wanted_)
        floor_ = newest_.top();
}

const std::vector<NewestKeys::Group>& NewestKeys::groups() const
{
    if (groups_)
        return *groups_;
    std::vector<Group> groups;
    for (auto newest = shard_.valuestream_begin(group_newest_slot);
         newest != shard_.valuestream_end(group_newest_slot); ++newest)
        groups.push_back({.last = newest.get_docid(), .newest = date_of(*newest)});
    return groups_.emplace(std::move(groups));
}

bool NewestKeys::is_too_old(Xapian::docid document) const
{
    if (!floor_.is_set())
        return false;
    const auto group = std::ranges::lower_bound(groups(), document, {}, &Group::last);
    return group != groups().end() && group->newest < floor_.date();
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
