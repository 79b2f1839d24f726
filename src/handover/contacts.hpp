#pragma once
// The customers' people as files that address books take.

#include <string>

#include "mailhold/handover/dossier.hpp"

namespace mailhold::handover {

/// vCard 3.0 (RFC 2426) in UTF-8, which Outlook, Gmail, Apple and Android import.
std::string contacts_vcard(const Dossier& dossier);

/// The columns of Outlook, which Gmail takes too; UTF-8 with a byte order mark, so that Excel shows
/// Chinese; what a spreadsheet would take for a formula begins with an apostrophe.
std::string contacts_csv(const Dossier& dossier);

/// A name as address books part it: the family last, in East Asian names first. One without a blank
/// (most Chinese ones) is all given name.
struct PersonName {
    std::string given;
    std::string family;
};
PersonName parted_name(std::string_view name);

}  // namespace mailhold::handover
