#pragma once
// Steps through UTF-8 one character at a time.

#include <cstddef>
#include <string_view>

namespace mailhold {

/// What stands at one place of a text.
struct Utf8Step {
    std::size_t bytes = 0;  ///< how far to go on; at least 1
    char32_t character = 0;
    bool valid = false;  ///< false: `bytes` is the longest start of a character that breaks off
                         ///< (Unicode 3.9)
};

struct ByteRange {
    unsigned char low = 0x80;
    unsigned char high = 0xbf;

    bool holds(unsigned char byte) const noexcept { return low <= byte && byte <= high; }
};

/// Only the second byte has a narrower range than 80..BF, and only after these four first bytes.
inline ByteRange second_bytes(unsigned char first) noexcept
{
    switch (first) {
    case 0xe0:
        return {.low = 0xa0};
    case 0xed:
        return {.high = 0x9f};
    case 0xf0:
        return {.low = 0x90};
    case 0xf4:
        return {.high = 0x8f};
    default:
        return {};
    }
}

/// The character at `at`, which is inside `text`. Overlong forms, surrogates and values over
/// U+10FFFF are invalid.
inline Utf8Step utf8_step(std::string_view text, std::size_t at) noexcept
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80)
        return {1, first, true};
    if (first < 0xc2 || first > 0xf4)
        return {1, 0, false};

    const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    ByteRange range = second_bytes(first);
    char32_t character = first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= text.size())
            return {i, 0, false};
        const unsigned char next = byte(at + i);
        if (!range.holds(next))
            return {i, 0, false};
        range = {};
        character = character << 6 | (next & 0x3fU);
    }
    return {length, character, true};
}

}  // namespace mailhold
