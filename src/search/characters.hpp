#pragma once
// Characters of UTF-8 text as far as an excerpt cares about them.

#include <cstddef>
#include <string_view>
#include <utility>

namespace mailhold::search {

struct Character {
    std::size_t bytes = 1;
    std::size_t columns = 1;  ///< never less than a terminal takes
    bool is_space = false;
    bool is_printable = true;
};

/// Bytes of the character that begins at `at`; 1 for a byte that is no UTF-8.
inline std::size_t character_bytes(std::string_view text, std::size_t at)
{
    const auto lead = static_cast<unsigned char>(text[at]);
    std::size_t bytes = 1;
    for (const unsigned char least : {0xc2, 0xe0, 0xf0})
        bytes += lead >= least ? 1 : 0;
    if (lead >= 0xf5 || at + bytes > text.size())
        return 1;
    for (std::size_t i = 1; i < bytes; ++i)
        if ((static_cast<unsigned char>(text[at + i]) & 0xc0U) != 0x80U)
            return 1;
    return bytes;
}

/// Invisible, or able to reorder what stands around it.
inline bool is_control(std::string_view character)
{
    constexpr std::pair<std::string_view, std::string_view> ranges[] = {{"\u0080", "\u009f"},
                                                                        {"\u200b", "\u200f"},
                                                                        {"\u2028", "\u202e"},
                                                                        {"\u2060", "\u206f"},
                                                                        {"\ufeff", "\ufeff"}};
    for (const auto& [first, last] : ranges)
        if (character >= first && character <= last)
            return true;
    return false;
}

/// `at` is inside the text. A byte that is no UTF-8 is a character that is not printable.
inline Character character_at(std::string_view text, std::size_t at)
{
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80)
        return {1, 1, lead == ' ' || (lead >= 0x09 && lead <= 0x0d), lead > 0x20 && lead != 0x7f};
    const std::size_t bytes = character_bytes(text, at);
    if (bytes == 1)
        return {1, 0, false, false};
    const std::string_view character = text.substr(at, bytes);
    return {bytes, character >= "\u2e80" ? std::size_t{2} : std::size_t{1},
            character == "\u00a0" || character == "\u3000", !is_control(character)};
}

/// Where the character before `at` begins; `at` is not 0.
inline std::size_t character_before(std::string_view text, std::size_t at)
{
    std::size_t before = at - 1;
    for (int i = 0; i < 3 && before > 0; ++i) {
        if ((static_cast<unsigned char>(text[before]) & 0xc0U) != 0x80U)
            break;
        --before;
    }
    return before;
}

}  // namespace mailhold::search
