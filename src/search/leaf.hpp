#pragma once
// One word, phrase or field with its value, as a part of the tree.

#include "mailhold/search/expression.hpp"

#include "fields.hpp"
#include "lexer.hpp"

namespace mailhold::search {

/// `field` is nullptr for a word of its own. Throws QueryError for values the field does not have.
Expression leaf_of(const FieldInfo* field, const Token& value, Time now);

}  // namespace mailhold::search
