#pragma once
// IMAP's date-time: "17-Jul-1996 02:44:25 -0700", the day also with a space or one digit.

#include <optional>
#include <string_view>

#include "mailhold/base/identifiers.hpp"

namespace mailhold::imap {

/// nullopt for anything that is not a real date and time.
std::optional<InternalDate> parse_internal_date(std::string_view text);

}  // namespace mailhold::imap
