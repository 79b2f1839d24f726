#pragma once
// Where terms stand, for phrases: a list for each term of a stretch, which is some thousands of
// documents that follow one another (docs/format.md, Shards). Xapian's own positions, a list for
// each term of each document, took half of the index and a third of the time to make it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "text_hash.hpp"

namespace mailhold::index {

/// The lists of a stretch, while its documents come. Not for sharing by threads.
class PlaceLists {
public:
    /// What is added from now on stands in the next document.
    void begin_document();
    /// `place` is from 1. They may come in any order and more than once; growing ones take least
    /// room. The caller has begun a document.
    void add(std::string_view term, std::uint32_t place);

    /// The terms of this document, in the order in which they came, and at how many places.
    void for_each_term(
        const std::function<void(const std::string& term, std::uint32_t places)>& visit) const;

    std::uint32_t documents() const noexcept { return documents_; }
    /// About what all this takes in memory.
    std::size_t bytes() const noexcept { return bytes_; }

    using List = std::pair<std::string, std::string>;  // the term, its places
    /// In the order of the terms. Afterwards there is nothing here.
    std::vector<List> take();

private:
    struct Growing {
        std::uint32_t documents = 0;  ///< up to the last one in it
        std::uint32_t place = 0;      ///< the last one
        std::uint32_t places = 0;     ///< in that document
        std::string list;
    };
    using Lists = std::unordered_map<std::string, Growing, TextHash, std::equal_to<>>;

    Lists lists_;
    std::vector<const Lists::value_type*> of_document_;
    std::uint32_t documents_ = 0;
    std::size_t bytes_ = 0;
};

struct Place {
    std::uint32_t document = 0;  ///< of the stretch, from 0
    std::uint32_t place = 0;

    auto operator<=>(const Place&) const = default;
};

/// In their order, each once. Throws damaged.
std::vector<Place> places_in(std::string_view list);

/// The documents, in their order, in which terms stand at neighbouring places: of each part of the
/// phrase one of its lists. Throws damaged.
std::vector<std::uint32_t> phrase_in(const std::vector<std::vector<std::string>>& lists_of_parts);

}  // namespace mailhold::index
