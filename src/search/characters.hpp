#pragma once
// Characters of UTF-8 text as far as an excerpt cares about them.

#include <cstddef>
#include <string_view>

namespace mailhold::search {

struct Character {
    std::size_t bytes = 1;
    std::size_t columns = 1;  ///< never less than a terminal takes
    bool is_space = false;
    bool is_printable = true;
};

/// `at` is inside the text. A byte that is no UTF-8 is a character that is not printable.
inline Character character_at(std::string_view text, std::size_t at)
{
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80)
        return {1, 1, lead == ' ' || (lead >= 0x09 && lead <= 0x0d), lead > 0x20 && lead != 0x7f};
    const std::size_t bytes = lead >= 0xf5   ? 1
                              : lead >= 0xf0 ? 4
                              : lead >= 0xe0 ? 3
                              : lead >= 0xc2 ? 2
                                             : 1;
    bool is_valid = bytes > 1 && at + bytes <= text.size();
    for (std::size_t i = 1; is_valid && i < bytes; ++i)
        is_valid = (static_cast<unsigned char>(text[at + i]) & 0xc0U) == 0x80U;
    if (!is_valid)
        return {1, 0, false, false};
    const std::string_view character = text.substr(at, bytes);
    const bool is_space = character == "\u00a0" || character == "\u3000";
    // U+0080..U+009F; U+200B..U+200F, U+2028..U+202E, U+2060..U+206F, U+FEFF: invisible or harmful.
    const bool is_control = (lead == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0) ||
                            (character >= "\u200b" && character <= "\u200f") ||
                            (character >= "\u2028" && character <= "\u202e") ||
                            (character >= "\u2060" && character <= "\u206f") ||
                            character == "\ufeff";
    return {bytes, bytes >= 3 && character >= "\u2e80" ? std::size_t{2} : std::size_t{1}, is_space,
            !is_control};
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
