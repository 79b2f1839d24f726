#pragma once
// The letters behind (and, of special terms, before) a term: docs/format.md, Terms.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailhold/index/query.hpp"

namespace mailhold::index {

inline constexpr std::size_t field_count = 9;
inline constexpr char no_mark = '\0';

/// By Field: the words themselves, and other spellings and parts of them.
inline constexpr std::array<char, field_count> word_marks{no_mark, 'S', 'F', 'T', 'C',
                                                          'B',     'A', 'D', 'L'};
inline constexpr std::array<char, field_count> form_marks{'N', 'P', 'Q', 'R', 'U',
                                                          'V', 'W', 'H', 'K'};
/// Stems; no_mark: the field has none.
inline constexpr std::array<char, field_count> stem_marks{'Z',     'Y', no_mark, no_mark, no_mark,
                                                          no_mark, 'X', no_mark, no_mark};

inline constexpr char message_id_prefix = 'M';
inline constexpr char reference_prefix = 'R';
inline constexpr std::string_view attachment_term = "H";
/// Of Message-IDs; longer ones are cut on both sides.
inline constexpr std::size_t max_id_bytes = 180;

inline std::size_t index_of(Field field) noexcept
{
    return static_cast<std::size_t>(field);
}

inline std::string marked(std::string_view text, char mark)
{
    std::string term(text);
    if (mark != no_mark)
        term += mark;
    return term;
}

/// Whether one of `marks` stands behind the word of `term`.
inline bool has_mark(std::string_view term, std::string_view marks)
{
    const char last = term.back();
    return marks.find(last >= 'A' && last <= 'Z' ? last : no_mark) != std::string_view::npos;
}

/// `id` as it is in terms: without white space, controls and angle brackets; may be empty.
std::string bare_id(std::string_view id);

}  // namespace mailhold::index
