// What a query that found nothing may have meant.

#include <algorithm>
#include <functional>

#include "mailhold/search/resolve.hpp"

namespace mailhold::search {

std::optional<std::string> corrected(std::string_view query, const Resolved& resolved,
                                     const index::Index& index)
{
    std::string better(query);
    std::vector<Sought> words = resolved.words;
    std::ranges::sort(words, std::greater{}, [](const Sought& word) { return word.place.begin; });
    bool is_better = false;
    for (const Sought& word : words) {
        if (word.leaf.kind != index::Query::Kind::word || index.count(word.leaf) > 0)
            continue;
        const std::size_t at = query.substr(0, word.place.end).rfind(word.leaf.text);
        const auto near = index.suggestion(word.leaf.text);
        if (!near || at == std::string_view::npos || at < word.place.begin)
            continue;
        better.replace(at, word.leaf.text.size(), *near);
        is_better = true;
    }
    return is_better ? std::optional(better) : std::nullopt;
}

}  // namespace mailhold::search
