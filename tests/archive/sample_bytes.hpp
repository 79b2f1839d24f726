#pragma once
// Plaintexts for compression and tar tests.

#include <cstdint>
#include <random>
#include <string>

#include "mailhold/base/bytes.hpp"

namespace mailhold::test {

/// Bytes that no compressor shortens; the same for the same seed.
inline ByteBuffer noise(std::size_t size, std::uint32_t seed = 1)
{
    std::mt19937 random(seed);
    ByteBuffer bytes(size);
    for (std::byte& byte : bytes)
        byte = static_cast<std::byte>(random());
    return bytes;
}

/// Text that a compressor shortens, different everywhere.
inline ByteBuffer prose(std::size_t size)
{
    std::string text;
    for (std::size_t line = 0; text.size() < size; ++line)
        text += "Dear Sirs, please quote " + std::to_string(line) + " tons FOB Ningbo.\r\n";
    text.resize(size);
    return copy_of(bytes_of(text));
}

}  // namespace mailhold::test
