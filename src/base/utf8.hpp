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
    // Only the second byte has a narrower range than 80..BF, and only after these four first bytes.
    const unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    char32_t character = first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= text.size())
            return {i, 0, false};
        const unsigned char next = byte(at + i);
        if (next < (i == 1 ? low : 0x80) || next > (i == 1 ? high : 0xbf))
            return {i, 0, false};
        character = character << 6 | (next & 0x3fU);
    }
    return {length, character, true};
}

}  // namespace mailhold
