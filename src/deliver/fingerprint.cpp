// Line ends, NUL bytes and what stands behind the last line are left out of the hash.

#include "fingerprint.hpp"

#include <algorithm>
#include <utility>

#include "mailhold/crypto/crypto.hpp"

namespace mailhold::deliver {

namespace {

/// What a beginning keeps at most.
constexpr std::size_t kept_bytes = 256;
/// How far it looks for that, a line end counting as one byte: any form of them fits into
/// beginning_bytes. Only bare CRs, which are not kept, let it come so far.
constexpr std::size_t looked_at = beginning_bytes / 2;
constexpr std::size_t piece_bytes = 16 * kibibyte;

constexpr std::byte cr{'\r'};
constexpr std::byte lf{'\n'};

std::byte rewritten(std::byte byte)
{
    return byte == std::byte{0} ? std::byte{0x80} : byte;
}

/// Up to and with its last byte that is no line end.
Bytes without_last_line_ends(Bytes raw)
{
    while (!raw.empty() && (raw.back() == lf || raw.back() == cr))
        raw = raw.first(raw.size() - 1);
    return raw;
}

}  // namespace

/// In pieces: a copy of a large message would double what it takes.
crypto::Hash fingerprint_of(Bytes raw)
{
    raw = without_last_line_ends(raw);
    crypto::Hasher hasher;
    ByteBuffer plain;
    plain.reserve(std::min(raw.size(), piece_bytes));
    for (const std::byte byte : raw) {
        if (byte != cr)
            plain.push_back(rewritten(byte));
        if (plain.size() == piece_bytes)
            hasher.add(std::exchange(plain, {}));
    }
    hasher.add(plain);
    return hasher.finish();
}

Print print_of(Bytes raw)
{
    return {.fingerprint = fingerprint_of(raw), .exact = crypto::hash(raw)};
}

std::uint64_t beginning_of(Bytes raw)
{
    ByteBuffer plain;
    std::size_t looked = 0;
    for (std::size_t i = 0; i < raw.size() && looked < looked_at && plain.size() < kept_bytes;
         ++i) {
        const bool is_half_of_a_line_end = raw[i] == cr && i + 1 < raw.size() && raw[i + 1] == lf;
        looked += is_half_of_a_line_end ? 0 : 1;
        if (raw[i] != cr)
            plain.push_back(rewritten(raw[i]));
    }
    return read_le<std::uint64_t>(crypto::hash(without_last_line_ends(plain)).bytes(), 0);
}

}  // namespace mailhold::deliver
