#pragma once
// Bytes of known-answer tests. The answers come from other implementations: RFCs and drafts where
// named, else Python's hashlib and OpenSSL.

#include <cstdint>
#include <stdexcept>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/encoding.hpp"

namespace mailhold::test {

inline ByteBuffer hex_bytes(std::string_view hex)
{
    std::optional<ByteBuffer> bytes = from_hex(hex);
    if (!bytes)
        throw std::logic_error("bad hex in a test");
    return std::move(*bytes);
}

/// first, first + 1, …
inline ByteBuffer counting_bytes(std::size_t size, std::uint8_t first = 0)
{
    ByteBuffer bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(first + i);
    return bytes;
}

}  // namespace mailhold::test
