// SHA-256 through libsodium.

#include "mailhold/crypto/sha256.hpp"

#include <array>

#include <sodium.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "sodium_seam.hpp"

namespace mailhold::crypto {

std::string sha256_hex(Bytes bytes)
{
    initialise();
    std::array<std::byte, crypto_hash_sha256_BYTES> digest{};
    require_success(crypto_hash_sha256(raw_out(digest), raw(bytes), bytes.size()), "hashing");
    return to_hex(digest);
}

}  // namespace mailhold::crypto
