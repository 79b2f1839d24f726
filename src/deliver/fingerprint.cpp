// Line ends, NUL bytes and what stands behind the last line are left out of the hash.

#include "fingerprint.hpp"

#include <algorithm>

#include "mailhold/crypto/crypto.hpp"

namespace mailhold::deliver {

namespace {

/// What a beginning keeps; with CRLF line ends everywhere beginning_bytes hold at least as much.
constexpr std::size_t kept_bytes = 256;

/// At most `limit` bytes.
ByteBuffer normalised(Bytes raw, std::size_t limit)
{
    ByteBuffer plain;
    plain.reserve(std::min(raw.size(), limit));
    for (const std::byte byte : raw) {
        if (plain.size() == limit)
            break;
        if (byte != std::byte{'\r'})
            plain.push_back(byte == std::byte{0} ? std::byte{0x80} : byte);
    }
    while (!plain.empty() && plain.back() == std::byte{'\n'})
        plain.pop_back();
    return plain;
}

}  // namespace

crypto::Hash fingerprint_of(Bytes raw)
{
    return crypto::hash(normalised(raw, raw.size()));
}

Print print_of(Bytes raw)
{
    return {.fingerprint = fingerprint_of(raw), .exact = crypto::hash(raw)};
}

std::uint64_t beginning_of(Bytes raw)
{
    return read_le<std::uint64_t>(crypto::hash(normalised(raw, kept_bytes)).bytes(), 0);
}

}  // namespace mailhold::deliver
