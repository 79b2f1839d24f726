#pragma once
// A query cut into tokens.

#include <string>
#include <string_view>
#include <vector>

#include "mailhold/search/expression.hpp"

namespace mailhold::search {

struct Token {
    enum class Kind : std::uint8_t {
        word,
        phrase,  ///< without its quotes
        field,   ///< text: its name in lower case; its value is the next token, or a group
        open,
        close,
        conjunction,  ///< AND
        alternative,  ///< OR
        negation,     ///< NOT, or a dash before a word
        end,
    };
    Kind kind = Kind::end;
    std::string_view text;
    Place place;
};

/// Ends with one of kind end. The tokens refer to `query`. Throws QueryError.
std::vector<Token> tokens_of(std::string_view query);

}  // namespace mailhold::search
