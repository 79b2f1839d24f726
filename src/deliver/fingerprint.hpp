#pragma once
// What is the same in a message before and after a server has stored it.

#include <cstdint>
#include <optional>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/identifiers.hpp"
#include "mailhold/crypto/types.hpp"

namespace mailhold::deliver {

/// Servers turn bare LF into CRLF, NUL into 0x80 (Dovecot), and add a missing last line end.
/// Messages that differ in nothing else have one fingerprint.
crypto::Hash fingerprint_of(Bytes raw);

/// What is known of the content of a message.
struct Print {
    crypto::Hash fingerprint;
    crypto::Hash exact;
    std::optional<InternalDate> date = {};  ///< as the server tells it
};
Print print_of(Bytes raw);

/// Of a message, so many bytes from its start tell beginning_of().
inline constexpr std::uint32_t beginning_bytes = 1'024;

/// Equal for messages of one fingerprint, and for a message of which only the first beginning_bytes
/// are known.
std::uint64_t beginning_of(Bytes raw);

}  // namespace mailhold::deliver
