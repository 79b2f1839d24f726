#pragma once
// Characters as the index sees them: folded, so that one word has one spelling (docs/format.md,
// Terms). ASCII is decided by a table, everything else in terms_characters.cpp.

#include <array>
#include <cstdint>
#include <string_view>

namespace mailhold::index {

enum class CharacterKind : std::uint8_t {
    separator,
    word,       ///< of a word of letters and digits
    ideograph,  ///< Han, kana, bopomofo, hangul: written without spaces, or as if
    ignored,    ///< as if it were not there: accents that stand alone, soft hyphens
};

/// What a word is made of; a set of bits.
namespace made_of {
inline constexpr std::uint8_t letters = 1;
inline constexpr std::uint8_t digits = 2;  ///< 0 to 9
inline constexpr std::uint8_t underscores = 4;
inline constexpr std::uint8_t number_marks = 8;  ///< , . ; between digits
inline constexpr std::uint8_t joints = 16;       ///< ' & between letters
inline constexpr std::uint8_t suffix = 32;       ///< + # behind it
}  // namespace made_of

/// The folded spaces that part thousands in French and ISO numbers.
inline constexpr char narrow_space = '\x1f';

struct Character {
    std::uint8_t bytes = 1;  ///< in the text
    CharacterKind kind = CharacterKind::separator;
    std::uint8_t made = 0;       ///< made_of
    std::uint8_t size = 0;       ///< of `text`
    std::array<char, 4> text{};  ///< folded; of a separator its ASCII form, if it has one

    std::string_view folded() const noexcept { return {text.data(), size}; }
};

constexpr Character ascii_character(char c) noexcept
{
    const bool lower = c >= 'a' && c <= 'z';
    const bool upper = c >= 'A' && c <= 'Z';
    const bool digit = c >= '0' && c <= '9';
    Character character;
    character.size = 1;
    character.text[0] = upper ? static_cast<char>(c + ('a' - 'A')) : c;
    if (lower || upper || digit || c == '_') {
        character.kind = CharacterKind::word;
        character.made = digit      ? made_of::digits
                         : c == '_' ? made_of::underscores
                                    : made_of::letters;
    }
    return character;
}

inline constexpr auto ascii_characters = [] {
    std::array<Character, 128> all;
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = ascii_character(static_cast<char>(i));
    return all;
}();

/// Of a character that is not ASCII; one broken byte is a separator.
Character wide_character_at(std::string_view text, std::size_t at) noexcept;

/// `at` is inside `text`.
inline Character character_at(std::string_view text, std::size_t at) noexcept
{
    const auto byte = static_cast<unsigned char>(text[at]);
    return byte < 0x80 ? ascii_characters[byte] : wide_character_at(text, at);
}

/// Han and kana run on across the end of a line; hangul parts words there.
bool runs_across_lines(std::string_view ideograph) noexcept;

}  // namespace mailhold::index
