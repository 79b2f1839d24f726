#pragma once
// The fixed-size values of docs/format.md: hashes, ids, public keys, signatures.

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::crypto {

/// `Size` raw bytes that mean one thing; the tag keeps two of them from being mixed up.
template <class Tag, std::size_t Size>
struct FixedBytes {
    static constexpr std::size_t size = Size;

    std::array<std::byte, Size> value{};

    Bytes bytes() const noexcept { return value; }
    std::string hex() const { return to_hex(value); }

    /// Exactly 2 * Size lower-case hex digits; nullopt otherwise.
    static std::optional<FixedBytes> from_hex(std::string_view text);
    /// Exactly Size bytes; throws malformed otherwise.
    static FixedBytes from_bytes(Bytes bytes);

    auto operator<=>(const FixedBytes&) const = default;
};

template <class Tag, std::size_t Size>
std::optional<FixedBytes<Tag, Size>> FixedBytes<Tag, Size>::from_hex(std::string_view text)
{
    if (text.size() != 2 * Size)
        return std::nullopt;
    const std::optional<ByteBuffer> bytes = mailhold::from_hex(text);
    if (!bytes)
        return std::nullopt;
    return from_bytes(*bytes);
}

template <class Tag, std::size_t Size>
FixedBytes<Tag, Size> FixedBytes<Tag, Size>::from_bytes(Bytes bytes)
{
    if (bytes.size() != Size)
        throw Error(ErrorKind::malformed, "a hash, id or key has the wrong length");
    FixedBytes result;
    std::copy(bytes.begin(), bytes.end(), result.value.begin());
    return result;
}

/// BLAKE2b-256 of a whole object: its name in the store.
using Hash = FixedBytes<struct HashTag, 32>;
/// Keyed BLAKE2b-256 of a message's raw bytes; not its Message-ID header.
using ContentId = FixedBytes<struct ContentIdTag, 32>;
/// Keyed BLAKE2b-256 of a detached part's stored bytes.
using PartId = FixedBytes<struct PartIdTag, 32>;
using VaultId = FixedBytes<struct VaultIdTag, 16>;
using WriterId = FixedBytes<struct WriterIdTag, 16>;
using SlotId = FixedBytes<struct SlotIdTag, 16>;
using StreamUid = FixedBytes<struct StreamUidTag, 16>;
using AccountId = FixedBytes<struct AccountIdTag, 16>;
using SignPublicKey = FixedBytes<struct SignPublicKeyTag, 32>;  ///< Ed25519
using BoxPublicKey = FixedBytes<struct BoxPublicKeyTag, 32>;    ///< X25519
using Signature = FixedBytes<struct SignatureTag, 64>;

}  // namespace mailhold::crypto
