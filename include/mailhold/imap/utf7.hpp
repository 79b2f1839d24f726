#pragma once
// Modified UTF-7 (RFC 3501 5.1.3): how IMAP4rev1 spells folder names.

#include <optional>
#include <string>
#include <string_view>

namespace mailhold::imap {

/// UTF-8 of a modified UTF-7 name; nullopt when it is not canonical (raw 8-bit, bad base64,
/// unpaired surrogate, NUL …), so that decode and encode are exact inverses wherever decode
/// succeeds.
std::optional<std::string> decode_modified_utf7(std::string_view wire);

/// Throws malformed when `utf8` is not UTF-8 or holds a NUL.
std::string encode_modified_utf7(std::string_view utf8);

}  // namespace mailhold::imap
