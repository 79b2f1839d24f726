#pragma once
// Header values as text: encoded words (RFC 2047) and raw 8-bit bytes in any charset.

#include <string>
#include <string_view>

namespace mailhold::mail {

/// Unstructured text, decoded; one clean line. `charset`: what raw 8-bit bytes are likely in; may
/// be empty.
std::string decode_text(std::string_view value, std::string_view charset);

/// The same value with everything in UTF-8: raw bytes converted, encoded words written again as
/// UTF-8 ones, so that a parser of addresses or parameters sees no other charset and no comma that
/// was encoded.
std::string in_utf8(std::string_view value, std::string_view charset);

}  // namespace mailhold::mail
