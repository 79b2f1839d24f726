#pragma once
// The fields a query can name, and what people write who are used to other programs.

#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/ascii.hpp"
#include "mailhold/config/edit_distance.hpp"
#include "mailhold/index/query.hpp"

namespace mailhold::search {

enum class FieldKind : std::uint8_t {
    words,  ///< of the index
    message_id,
    content_id,
    has,
    is,
    date,
    after,
    before,
    larger,
    smaller,
    account,
    folder,
    role,
    flag,
};

struct FieldInfo {
    std::string_view name;  ///< lower case
    FieldKind kind = FieldKind::words;
    std::optional<index::Field> words = {};
};

/// `name` in any case; nullptr when there is no such field.
const FieldInfo* find_field(std::string_view name);

/// Our name for another program's field, or the one that looks most like it; empty when none does.
std::string_view nearest_field(std::string_view name);

std::string_view name_of(index::Field field);

/// The word of `known` that `word` is probably a misspelling of; nullopt when none is near.
template <class Words>
std::optional<std::string_view> nearest_word(std::string_view word, const Words& known)
{
    std::optional<std::string_view> nearest;
    std::size_t least = word.size() < 4 ? 2 : word.size() < 8 ? 3 : 4;
    for (const auto& candidate : known) {
        const std::size_t distance = config::edit_distance(word, candidate);
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

}  // namespace mailhold::search
