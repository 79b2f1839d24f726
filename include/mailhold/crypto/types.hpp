#pragma once
// The fixed-size values of docs/format.md: hashes, ids, public keys, signatures.

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"

namespace mailhold::crypto {

/// `Size` raw bytes that mean one thing; the tag keeps two of them from being mixed up.
template <class Tag, std::size_t Size>
struct FixedBytes {
    static constexpr std::size_t size = Size;

    std::array<std::byte, Size> value{};

    Bytes bytes() const noexcept { return value; }
    std::string hex() const;

    /// Exactly 2 * Size lower-case hex digits; nullopt otherwise.
    static std::optional<FixedBytes> from_hex(std::string_view text);
    /// Exactly Size bytes; throws malformed otherwise.
    static FixedBytes from_bytes(Bytes bytes);

    auto operator<=>(const FixedBytes&) const = default;
};

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
