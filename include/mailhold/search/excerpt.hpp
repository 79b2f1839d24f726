#pragma once
// The piece of a text that shows why it was found.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailhold/index/terms.hpp"
#include "mailhold/search/resolve.hpp"

namespace mailhold::search {

struct Excerpt {
    std::string text;  ///< one line without control characters; … where something is left out
    std::vector<std::pair<std::size_t, std::size_t>>
        hits;  ///< byte ranges of `text`, sorted, apart
};

/// Which part of a message a text is from: a word of another field is not marked in it.
enum class Part : std::uint8_t { body, subject, from };

/// At most about `columns` wide (what is not Latin, Greek, Cyrillic or the like counts two),
/// placed where most of the words stand together; the beginning where none does.
Excerpt excerpt_of(std::string_view text, Part part, const std::vector<Sought>& words,
                   const index::Languages& languages, std::size_t columns);

}  // namespace mailhold::search
