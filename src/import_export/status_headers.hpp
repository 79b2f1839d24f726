#pragma once
// Flags that mail programs keep in headers of an mbox file's messages.

#include <optional>
#include <string_view>

#include "mailhold/base/identifiers.hpp"

namespace mailhold::import_export {

/// What Status, X-Status, X-Keywords, X-Mozilla-Status and X-Mozilla-Keys say (docs/import.md,
/// mbox). Only the first of each counts.
Flags flags_of_header(std::string_view header);

/// The value of a header field, unfolded no further than its first line; nullopt when it is absent.
std::optional<std::string_view> field_of_header(std::string_view header, std::string_view name);

/// True for text that begins with a header field, as mail does.
bool begins_with_field(std::string_view text);

/// True when, besides, at least two fields are there that nearly all mail has.
bool looks_like_mail(std::string_view text);

/// An IMAP flag or keyword that can be kept: printable, no blank, not too long.
bool is_flag(std::string_view text);

}  // namespace mailhold::import_export
