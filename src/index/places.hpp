#pragma once
// Where a message's terms stand, for phrases: one value of all of them (docs/format.md, Shards,
// slot 6). Xapian's own lists of positions, one for each term of each document, took half of the
// index and a third of the time to make it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailhold::index {

class PlacesWriter {
public:
    /// `place` is from 1. A term that stands twice at a place counts once.
    void add(std::string_view term, std::uint32_t place);
    void clear() noexcept { standing_.clear(); }
    std::string value() const;

private:
    std::vector<std::uint64_t> standing_;  // the place, then the term's hash in the lower half
};

/// Of a place, any of its terms may stand there.
using PhrasePlaces = std::vector<std::vector<std::string>>;

/// Looks for a phrase in such values.
class PhraseFinder {
public:
    /// `places` has at least one.
    explicit PhraseFinder(const PhrasePlaces& places);

    /// Whether there are neighbouring places with a term of each. Terms are told by 28 bits of a
    /// hash: ask of messages that have the terms. Throws damaged.
    bool finds_in(std::string_view value);

private:
    struct Wanted {
        std::uint32_t hash = 0;
        std::size_t part = 0;  ///< of the phrase
    };

    bool take(std::uint32_t hash, std::uint32_t place);

    std::vector<Wanted> wanted_;  // by hash
    std::size_t parts_;
    /// By part and by the lowest bit of a place: the last such place that ends the phrase up to
    /// this part.
    std::vector<std::uint32_t> ends_;
};

}  // namespace mailhold::index
