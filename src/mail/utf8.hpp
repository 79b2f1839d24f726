#pragma once
// One UTF-8 character at a time, strictly (RFC 3629).

#include <cstddef>
#include <string>
#include <string_view>

namespace mailhold::mail {

struct Utf8Step {
    char32_t character = 0;
    std::size_t bytes = 1;  ///< to go on by; 1 where invalid
    bool is_valid = false;
};

/// The character at `at`, which is inside `text`.
Utf8Step utf8_step(std::string_view text, std::size_t at) noexcept;

/// The longest start of `text` of at most `limit_bytes` that ends between characters.
std::string_view utf8_prefix(std::string_view text, std::size_t limit_bytes) noexcept;

/// Appends one character; surrogates and what lies beyond U+10FFFF become U+FFFD.
void append_utf8(char32_t character, std::string& out);

}  // namespace mailhold::mail
