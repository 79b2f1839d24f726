// Sealed boxes to X25519 keys: what crypto_box_seal of libsodium makes and opens.

#include <sodium.h>

#include "mailhold/crypto/crypto.hpp"
#include "sodium_seam.hpp"

namespace mailhold::crypto {
namespace {

static_assert(box_seal_overhead_bytes == crypto_box_SEALBYTES);

using BoxNonce = std::array<std::byte, crypto_box_NONCEBYTES>;

/// libsodium's nonce of a sealed box: BLAKE2b-192(ephemeral public key || recipient).
BoxNonce nonce_of(Bytes ephemeral_public, const BoxPublicKey& to)
{
    ByteBuffer both = copy_of(ephemeral_public);
    append(both, to.bytes());
    BoxNonce nonce;
    require_success(
        crypto_generichash(raw_out(nonce), nonce.size(), raw(both), both.size(), nullptr, 0),
        "hashing");
    return nonce;
}

BoxPublicKey public_half(Bytes secret)
{
    BoxPublicKey key;
    require_success(crypto_scalarmult_base(raw_out(key.value), raw(secret)), "making a box key");
    return key;
}

}  // namespace

BoxPair new_box_pair()
{
    return box_pair_from_secret(random_secret(crypto_box_SECRETKEYBYTES));
}

BoxPair box_pair_from_secret(SecretBytes secret)
{
    initialise();
    if (secret.size() != crypto_box_SECRETKEYBYTES)
        throw Error(ErrorKind::malformed, "a box key has the wrong length");
    const BoxPublicKey public_key = public_half(secret.view());
    return {public_key, std::move(secret)};
}

BoxPublicKey box_key_of(const SignPublicKey& key)
{
    initialise();
    BoxPublicKey box_key;
    if (crypto_sign_ed25519_pk_to_curve25519(raw_out(box_key.value), raw(key.bytes())) != 0)
        throw Error(ErrorKind::malformed, "a signing key is no point of its curve");
    return box_key;
}

BoxPair box_pair_of(const SignPair& pair)
{
    initialise();
    require_size(pair.secret.view(), crypto_sign_SECRETKEYBYTES, "signing key");
    SecretBytes secret(crypto_box_SECRETKEYBYTES);
    require_success(
        crypto_sign_ed25519_sk_to_curve25519(raw_out(secret.writable()), raw(pair.secret.view())),
        "making a box key");
    return box_pair_from_secret(std::move(secret));
}

ByteBuffer box_seal(const BoxPublicKey& to, Bytes plain)
{
    initialise();
    ByteBuffer sealed(plain.size() + box_seal_overhead_bytes);
    require_success(crypto_box_seal(raw_out(sealed), raw(plain), plain.size(), raw(to.bytes())),
                    "sealing a key");
    return sealed;
}

KeptBox box_seal_kept(const BoxPublicKey& to, Bytes plain)
{
    BoxPair ephemeral = new_box_pair();
    const BoxNonce nonce = nonce_of(ephemeral.public_key.bytes(), to);
    ByteBuffer sealed = copy_of(ephemeral.public_key.bytes());
    sealed.resize(plain.size() + box_seal_overhead_bytes);
    require_success(crypto_box_easy(raw_out(std::span(sealed).subspan(BoxPublicKey::size)),
                                    raw(plain), plain.size(), raw(nonce), raw(to.bytes()),
                                    raw(ephemeral.secret.view())),
                    "sealing a key");
    return {std::move(sealed), std::move(ephemeral.secret)};
}

std::optional<SecretBytes> box_reopen(const BoxPublicKey& to, const SecretBytes& ephemeral,
                                      Bytes sealed)
{
    require_size(ephemeral.view(), crypto_box_SECRETKEYBYTES, "box key");
    if (sealed.size() < box_seal_overhead_bytes)
        return std::nullopt;
    // The recipient will only have the written ephemeral key: it must be the one we used.
    const Bytes written = sealed.first(BoxPublicKey::size);
    if (!equal(written, public_half(ephemeral.view()).bytes()))
        return std::nullopt;
    const BoxNonce nonce = nonce_of(written, to);
    const Bytes box = sealed.subspan(BoxPublicKey::size);
    SecretBytes plain(sealed.size() - box_seal_overhead_bytes);
    if (crypto_box_open_easy(raw_out(plain.writable()), raw(box), box.size(), raw(nonce),
                             raw(to.bytes()), raw(ephemeral.view())) != 0)
        return std::nullopt;
    return plain;
}

ByteBuffer box_seal_checked(const BoxPublicKey& to, Bytes plain)
{
    KeptBox box = box_seal_kept(to, plain);
    const std::optional<SecretBytes> opened = box_reopen(to, box.ephemeral, box.sealed);
    if (!opened || !same_secret(opened->view(), plain))
        throw Error(ErrorKind::bug, "a sealed key does not open again: faulty memory?");
    return std::move(box.sealed);
}

std::optional<SecretBytes> box_open(const BoxPair& pair, Bytes sealed)
{
    initialise();
    require_size(pair.secret.view(), crypto_box_SECRETKEYBYTES, "box key");
    if (sealed.size() < box_seal_overhead_bytes)
        return std::nullopt;
    SecretBytes plain(sealed.size() - box_seal_overhead_bytes);
    if (crypto_box_seal_open(raw_out(plain.writable()), raw(sealed), sealed.size(),
                             raw(pair.public_key.bytes()), raw(pair.secret.view())) != 0)
        return std::nullopt;
    return plain;
}

}  // namespace mailhold::crypto
