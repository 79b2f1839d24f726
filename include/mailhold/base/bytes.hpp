#pragma once
// Byte spans, buffers, and reading and writing little-endian integers in them.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace mailhold {

using Bytes = std::span<const std::byte>;
using ByteBuffer = std::vector<std::byte>;

inline Bytes bytes_of(std::string_view text) noexcept
{
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

inline std::string_view text_of(Bytes bytes) noexcept
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline ByteBuffer copy_of(Bytes bytes)
{
    return {bytes.begin(), bytes.end()};
}

inline void append(ByteBuffer& out, Bytes bytes)
{
    out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Appends `value` as sizeof(Integer) little-endian bytes.
template <class Integer>
void append_le(ByteBuffer& out, Integer value)
{
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
        out.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i)));
}

/// Reads a little-endian integer at `offset`. The caller has checked the bounds.
template <class Integer>
Integer read_le(Bytes bytes, std::size_t offset) noexcept
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
        value |= std::to_integer<std::uint64_t>(bytes[offset + i]) << (8 * i);
    return static_cast<Integer>(value);
}

inline bool equal(Bytes a, Bytes b) noexcept
{
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

inline constexpr std::uint64_t kibibyte = 1024;
inline constexpr std::uint64_t mebibyte = 1024 * kibibyte;
inline constexpr std::uint64_t gibibyte = 1024 * mebibyte;

}  // namespace mailhold
