// XChaCha20-Poly1305-IETF: the one cipher of docs/format.md.

#include <sodium.h>

#include "mailhold/crypto/crypto.hpp"
#include "sodium_seam.hpp"

namespace mailhold::crypto {
namespace {

static_assert(aead_nonce_bytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(aead_tag_bytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);

void check_sizes(Bytes key, Bytes nonce)
{
    initialise();
    require_size(key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "AEAD key");
    require_size(nonce, aead_nonce_bytes, "AEAD nonce");
}

}  // namespace

void aead_seal_in_place(ByteBuffer& buffer, std::size_t from, Bytes key, Bytes nonce,
                        Bytes associated)
{
    check_sizes(key, nonce);
    const std::size_t plain_bytes = buffer.size() - from;
    buffer.resize(buffer.size() + aead_tag_bytes);
    const std::span<std::byte> place = std::span(buffer).subspan(from);
    require_success(crypto_aead_xchacha20poly1305_ietf_encrypt(
                        raw_out(place), nullptr, raw(place), plain_bytes, raw(associated),
                        associated.size(), nullptr, raw(nonce), raw(key)),
                    "encryption");
}

void aead_seal_append(ByteBuffer& out, Bytes key, Bytes nonce, Bytes associated, Bytes plain)
{
    const std::size_t from = out.size();
    out.reserve(from + plain.size() + aead_tag_bytes);
    append(out, plain);
    aead_seal_in_place(out, from, key, nonce, associated);
}

ByteBuffer aead_seal(Bytes key, Bytes nonce, Bytes associated, Bytes plain)
{
    ByteBuffer out;
    aead_seal_append(out, key, nonce, associated, plain);
    return out;
}

bool aead_open_to(std::span<std::byte> out, Bytes key, Bytes nonce, Bytes associated, Bytes sealed)
{
    check_sizes(key, nonce);
    if (sealed.size() < aead_tag_bytes)
        return false;
    // libsodium clears the claimed length even when the tag fails: it must be ours to clear.
    require_size(out, sealed.size() - aead_tag_bytes, "plaintext");
    return crypto_aead_xchacha20poly1305_ietf_decrypt(raw_out(out), nullptr, nullptr, raw(sealed),
                                                      sealed.size(), raw(associated),
                                                      associated.size(), raw(nonce), raw(key)) == 0;
}

std::optional<ByteBuffer> aead_open(Bytes key, Bytes nonce, Bytes associated, Bytes sealed)
{
    if (sealed.size() < aead_tag_bytes)
        return std::nullopt;
    ByteBuffer plain(sealed.size() - aead_tag_bytes);
    if (!aead_open_to(plain, key, nonce, associated, sealed))
        return std::nullopt;
    return plain;
}

std::optional<SecretBytes> aead_open_secret(Bytes key, Bytes nonce, Bytes associated, Bytes sealed)
{
    if (sealed.size() < aead_tag_bytes)
        return std::nullopt;
    SecretBytes plain(sealed.size() - aead_tag_bytes);
    if (!aead_open_to(plain.writable(), key, nonce, associated, sealed))
        return std::nullopt;
    return plain;
}

}  // namespace mailhold::crypto
