// Open addressing, one place after the other.

#include "seen_ids.hpp"

#include <algorithm>
#include <utility>

namespace mailhold::index {

namespace {

constexpr std::size_t first_places = 1024;

}  // namespace

bool SeenIds::insert(IdPrefix id)
{
    if (id == IdPrefix{}) {
        count_ += has_zero_ ? 0 : 1;
        return !std::exchange(has_zero_, true);
    }
    if (2 * (count_ + 1) > places_.size())
        grow();
    const std::size_t mask = places_.size() - 1;
    std::size_t at = static_cast<std::size_t>(id) & mask;
    while (places_[at] != IdPrefix{}) {
        if (places_[at] == id)
            return false;
        at = (at + 1) & mask;
    }
    places_[at] = id;
    ++count_;
    return true;
}

void SeenIds::insert_all(const SeenIds& other)
{
    for (const IdPrefix id : other.places_)
        if (id != IdPrefix{})
            insert(id);
    if (other.has_zero_)
        insert(IdPrefix{});
}

void SeenIds::grow()
{
    const std::vector<IdPrefix> before =
        std::exchange(places_, std::vector<IdPrefix>(std::max(first_places, 2 * places_.size())));
    count_ = has_zero_ ? 1 : 0;
    for (const IdPrefix id : before)
        if (id != IdPrefix{})
            insert(id);
}

}  // namespace mailhold::index
