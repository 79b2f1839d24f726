#pragma once
// What the names of Maildir files and folders say.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/identifiers.hpp"

namespace mailhold::import_export {

/// Keywords of a folder by their letter, as its file dovecot-keywords lists them.
using KeywordLetters = std::map<char, std::string>;

/// Lines that are no "number keyword" are passed over.
KeywordLetters parse_dovecot_keywords(std::string_view text);

/// Flags of a name such as "1700000000.M1P2.host,S=100:2,FSa"; some systems write ';' or '!' for
/// ':'.
Flags flags_of_maildir_name(std::string_view name, const KeywordLetters& keywords);

/// Levels of a Maildir++ folder: ".Sent.2024" is Sent, 2024. Modified UTF-7 is decoded where it is
/// canonical.
std::vector<std::string> maildir_plus_levels(std::string_view name);

}  // namespace mailhold::import_export
