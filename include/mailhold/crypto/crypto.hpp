#pragma once
// Hashes, AEAD, signatures, sealed boxes and key derivation: libsodium, with the choices of
// docs/format.md. All functions are thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/crypto/secret.hpp"
#include "mailhold/crypto/types.hpp"

namespace mailhold::crypto {

void fill_random(std::span<std::byte> out);
SecretBytes random_secret(std::size_t size);

template <class Id>
Id random_id()
{
    Id id;
    fill_random(id.value);
    return id;
}

/// BLAKE2b-256, unkeyed: H of docs/format.md.
Hash hash(Bytes bytes);

/// BLAKE2b-256 with a 32-byte key.
Hash keyed_hash(Bytes key, Bytes bytes);
SecretBytes derive_key(Bytes key, Bytes context);  ///< keyed_hash whose result is a secret

/// The same, over pieces.
class Hasher {
public:
    Hasher();
    explicit Hasher(Bytes key);
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;
    ~Hasher();
    void add(Bytes bytes);
    Hash so_far() const;  ///< of what was added until now; add() may go on
    Hash finish();        ///< once

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Makes content ids and part ids from the vault's key I (docs/format.md, Keys). Shareable by
/// threads.
class ContentHasher {
public:
    explicit ContentHasher(Bytes key_i);
    ContentId content_id(Bytes raw) const;
    PartId part_id(Bytes stored) const;

private:
    SecretBytes key_i_;
    SecretBytes part_key_;
};

// XChaCha20-Poly1305-IETF. `nonce` is 24 bytes, `key` 32.
inline constexpr std::size_t aead_nonce_bytes = 24;
inline constexpr std::size_t aead_tag_bytes = 16;
ByteBuffer aead_seal(Bytes key, Bytes nonce, Bytes associated, Bytes plain);
/// Appends ciphertext and tag to `out`.
void aead_seal_append(ByteBuffer& out, Bytes key, Bytes nonce, Bytes associated, Bytes plain);
/// Replaces `buffer` from `from` on by its ciphertext and tag: no second copy of a large plaintext.
void aead_seal_in_place(ByteBuffer& buffer, std::size_t from, Bytes key, Bytes nonce,
                        Bytes associated);
/// Opens into `out`, aead_tag_bytes shorter than `sealed`; they may start at the same place. False
/// when the tag does not fit: `out` is then meaningless.
[[nodiscard]] bool aead_open_to(std::span<std::byte> out, Bytes key, Bytes nonce, Bytes associated,
                                Bytes sealed);
/// nullopt when the tag does not fit.
std::optional<ByteBuffer> aead_open(Bytes key, Bytes nonce, Bytes associated, Bytes sealed);
/// The same into locked memory, for keys.
std::optional<SecretBytes> aead_open_secret(Bytes key, Bytes nonce, Bytes associated, Bytes sealed);

struct SignPair {
    SignPublicKey public_key;
    SecretBytes secret;  ///< libsodium's 64 bytes: seed || public key
};
SignPair new_sign_pair();
SignPair sign_pair_from_secret(SecretBytes secret);
/// Ed25519 over context || message; `context` ends with NUL, as in docs/format.md.
Signature sign(const SignPair& pair, std::string_view context, Bytes message);
bool signature_fits(const SignPublicKey& key, std::string_view context, Bytes message,
                    const Signature& signature);

struct BoxPair {
    BoxPublicKey public_key;
    SecretBytes secret;  ///< 32 bytes
};
BoxPair new_box_pair();
BoxPair box_pair_from_secret(SecretBytes secret);
/// An X25519 key to seal to the owner of an Ed25519 key, and the pair to open it (docs/format.md,
/// Root log).
BoxPublicKey box_key_of(const SignPublicKey& key);
BoxPair box_pair_of(const SignPair& pair);

inline constexpr std::size_t box_seal_overhead_bytes = 48;
/// crypto_box_seal.
ByteBuffer box_seal(const BoxPublicKey& to, Bytes plain);
/// crypto_box_seal made by hand with a known ephemeral key, re-opened from the result before it is
/// returned, so that a memory fault cannot lose what is sealed unseen. Throws bug when re-opening
/// differs.
ByteBuffer box_seal_checked(const BoxPublicKey& to, Bytes plain);
/// A sealed box and the ephemeral secret that the sealer can still open it with.
struct KeptBox {
    ByteBuffer sealed;
    SecretBytes ephemeral;
};
KeptBox box_seal_kept(const BoxPublicKey& to, Bytes plain);
/// Opens as the sealer; nullopt when `sealed` is not what box_seal_kept made for `to`.
std::optional<SecretBytes> box_reopen(const BoxPublicKey& to, const SecretBytes& ephemeral,
                                      Bytes sealed);
std::optional<SecretBytes> box_open(const BoxPair& pair, Bytes sealed);

/// Argon2id 1.3 limits of a slot.
struct KdfCost {
    std::uint64_t passes = 3;
    std::uint64_t memory_bytes = 256 * mebibyte;
};
inline constexpr std::size_t kdf_salt_bytes = 16;
/// Throws malformed for more than 16 passes or 1 GiB, storage when memory is short.
SecretBytes key_from_passphrase(Bytes passphrase, Bytes salt, KdfCost cost);

/// RFC 4648 base32 upper case without padding; parsing forgives case, spaces, hyphens, and 0/1/8
/// typed for O/I/B.
std::string to_base32(Bytes bytes);
std::optional<SecretBytes> from_base32(std::string_view text);

}  // namespace mailhold::crypto
