#pragma once
// How far a mistyped word is from a known one.

#include <cstddef>
#include <string_view>

namespace mailhold::config {

/// Levenshtein's, by bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace mailhold::config
