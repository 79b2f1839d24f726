#pragma once
// Flags as the letters of a Maildir name, and the keyword list that gives the small ones a meaning.

#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/identifiers.hpp"

namespace mailhold::deliver {

/// One folder's keywords, Dovecot's way: letter a is the first. At most 26 of them; the manifest
/// has the rest.
class FlagLetters {
public:
    /// Sorted letters for a name's end; new keywords get the next free letter.
    std::string letters_of(const Flags& flags);

    /// Content of the file dovecot-keywords; empty when no keyword was seen.
    std::string keywords_file() const;

private:
    void add_keyword(const std::string& keyword, std::string& letters);

    std::vector<std::string> keywords_;
};

}  // namespace mailhold::deliver
