#pragma once
// Hexadecimal, base64 (RFC 4648) text forms of bytes.

#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"

namespace mailhold {

std::string to_hex(Bytes bytes);
/// Lower-case hex only, even length; nullopt otherwise.
std::optional<ByteBuffer> from_hex(std::string_view text);

/// Standard alphabet, padded, no line breaks.
std::string to_base64(Bytes bytes);
/// Canonical padded base64 only; nullopt otherwise.
std::optional<ByteBuffer> from_base64(std::string_view text);

}  // namespace mailhold
