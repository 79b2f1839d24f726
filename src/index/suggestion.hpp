#pragma once
// A word that was probably meant.

#include <optional>
#include <string>

#include <xapian.h>

namespace mailhold::index {

/// Looks at words with the same two first letters, also exchanged; nothing is kept in the index for
/// it. nullopt for words with digits, of less than four letters, or in a script without spaces.
std::optional<std::string> suggestion_for(const std::string& word,
                                          const Xapian::Database& database);

}  // namespace mailhold::index
