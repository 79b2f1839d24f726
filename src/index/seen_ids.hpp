#pragma once
// Which messages were met already, asked about each match of a search.

#include <vector>

#include "mailhold/index/query.hpp"

namespace mailhold::index {

/// A set whose places are the ids' own bits, which are random already: several times faster than
/// one of nodes. Not for sharing by threads.
class SeenIds {
public:
    /// True when it is new.
    bool insert(IdPrefix id);
    std::size_t size() const noexcept { return count_; }
    /// Adds all of `other`.
    void insert_all(const SeenIds& other);

private:
    void grow();

    std::vector<IdPrefix> places_;  // IdPrefix{}: free; a power of two, at most half of them taken
    std::size_t count_ = 0;
    bool has_zero_ = false;  // the one id that would look free
};

}  // namespace mailhold::index
