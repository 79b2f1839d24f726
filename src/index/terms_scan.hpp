#pragma once
// Cuts a text into words and ideographs. ASCII words are those of Xapian's TermGenerator, so that
// counts can be compared with other programs' (docs/format.md, Terms).

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "terms_characters.hpp"

namespace mailhold::index {

inline constexpr std::size_t max_word_bytes = 64;

struct Token {
    std::size_t begin = 0;  ///< in the text, bytes
    std::size_t end = 0;
    std::string_view text;  ///< folded, at most max_word_bytes; valid until the next
    std::uint8_t made = 0;  ///< made_of
    bool ideograph = false;
    bool follows = false;  ///< an ideograph that goes on from the one before
    char joint = 0;  ///< the one separator, folded, between the token before and this; 0: none
};

class Scanner {
public:
    /// `text` outlives this.
    explicit Scanner(std::string_view text) noexcept : text_(text) {}

    /// False at the end.
    bool next(Token& token) noexcept;

private:
    void take_ideograph(const Character& character, Token& token) noexcept;
    void take_word(Token& token) noexcept;
    bool take_initials() noexcept;
    void take_parts() noexcept;
    void take_ascii_run() noexcept;
    bool take_infix(bool after_digit) noexcept;
    void take_suffix() noexcept;
    void append(const Character& character) noexcept;
    void skip_ignored() noexcept;
    Character look(std::size_t at) const noexcept;
    char joint_before(std::size_t begin) const noexcept;
    bool goes_on(std::size_t begin, std::string_view ideograph) const noexcept;

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t previous_end_ = 0;
    bool after_token_ = false;
    bool after_ideograph_ = false;
    std::array<char, max_word_bytes> word_{};
    std::size_t size_ = 0;
    std::uint8_t made_ = 0;
    bool full_ = false;  ///< the word's rest is dropped
};

}  // namespace mailhold::index
