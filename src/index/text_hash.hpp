#pragma once
// Hashing for unordered maps of texts.

#include <cstddef>
#include <functional>
#include <string_view>

namespace mailhold::index {

/// Lets std::string keys be found by a std::string_view. Not noexcept on purpose: libstdc++ then
/// keeps each key's hash beside it, and neither makes it again nor compares texts that differ in
/// it.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const
    {
        return std::hash<std::string_view>()(text);
    }
};

}  // namespace mailhold::index
