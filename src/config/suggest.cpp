// Nearest known word by edit distance.

#include "suggest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "mailhold/config/edit_distance.hpp"

namespace mailhold::config {

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known)
{
    std::string_view nearest;
    std::size_t least =
        std::max<std::size_t>(2, word.size() / 3) + 1;  // further off is no typing mistake
    for (const std::string_view candidate : known) {
        const std::size_t distance = edit_distance(word.substr(0, 64), candidate);
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    const std::string all = fmt::format("known here: {}", fmt::join(known, ", "));
    return nearest.empty() ? all : fmt::format("did you mean \"{}\"? {}", nearest, all);
}

}  // namespace mailhold::config
