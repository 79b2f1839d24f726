// Argon2id 1.3: a slot's key from a passphrase (docs/format.md, Slot).

#include <sodium.h>

#include "mailhold/crypto/crypto.hpp"
#include "sodium_seam.hpp"

namespace mailhold::crypto {
namespace {

// docs/format.md, Slot: a slot file may not make us work for hours or take all memory.
constexpr std::uint64_t max_passes = 16;
constexpr std::uint64_t max_memory_bytes = 1 * gibibyte;

static_assert(kdf_salt_bytes == crypto_pwhash_argon2id_SALTBYTES);

void check_cost(KdfCost cost)
{
    if (cost.passes < crypto_pwhash_argon2id_OPSLIMIT_MIN || cost.passes > max_passes)
        throw Error(ErrorKind::malformed, "a slot wants an unreasonable number of passes");
    if (cost.memory_bytes < crypto_pwhash_argon2id_MEMLIMIT_MIN ||
        cost.memory_bytes > max_memory_bytes)
        throw Error(ErrorKind::malformed, "a slot wants an unreasonable amount of memory");
}

}  // namespace

SecretBytes key_from_passphrase(Bytes passphrase, Bytes salt, KdfCost cost)
{
    check_cost(cost);
    require_size(salt, kdf_salt_bytes, "salt");
    SecretBytes key(32);
    // An empty passphrase may come without an address, which libsodium does not take.
    const char* text = passphrase.empty() ? "" : text_of(passphrase).data();
    if (crypto_pwhash_argon2id(raw_out(key.writable()), key.size(), text, passphrase.size(),
                               raw(salt), cost.passes, cost.memory_bytes,
                               crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
        throw Error(ErrorKind::storage, "not enough memory to derive a key from the passphrase");
    return key;
}

}  // namespace mailhold::crypto
