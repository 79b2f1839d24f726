// Ed25519 signatures, each over a named context (docs/format.md, Keys).

#include <sodium.h>

#include "mailhold/crypto/crypto.hpp"
#include "sodium_seam.hpp"

namespace mailhold::crypto {
namespace {

/// A context without its NUL would let one context be the beginning of another's message.
ByteBuffer in_context(std::string_view context, Bytes message)
{
    if (!context.ends_with('\0'))
        throw Error(ErrorKind::bug, "a signature's context does not end with NUL");
    ByteBuffer whole;
    whole.reserve(context.size() + message.size());
    append(whole, bytes_of(context));
    append(whole, message);
    return whole;
}

}  // namespace

SignPair new_sign_pair()
{
    initialise();
    SignPair pair{{}, SecretBytes(crypto_sign_SECRETKEYBYTES)};
    require_success(
        crypto_sign_keypair(raw_out(pair.public_key.value), raw_out(pair.secret.writable())),
        "making a signing key");
    return pair;
}

SignPair sign_pair_from_secret(SecretBytes secret)
{
    if (secret.size() != crypto_sign_SECRETKEYBYTES)
        throw Error(ErrorKind::malformed, "a signing key has the wrong length");
    SignPair pair{{}, SecretBytes(crypto_sign_SECRETKEYBYTES)};
    require_success(crypto_sign_seed_keypair(raw_out(pair.public_key.value),
                                             raw_out(pair.secret.writable()), raw(secret.view())),
                    "making a signing key");
    // Signing with a public half that does not belong to the seed would give the seed away.
    if (!same_secret(pair.secret.view(), secret.view()))
        throw Error(ErrorKind::malformed, "the two halves of a signing key do not belong together");
    return pair;
}

Signature sign(const SignPair& pair, std::string_view context, Bytes message)
{
    initialise();
    require_size(pair.secret.view(), crypto_sign_SECRETKEYBYTES, "signing key");
    const ByteBuffer whole = in_context(context, message);
    Signature signature;
    require_success(crypto_sign_detached(raw_out(signature.value), nullptr, raw(whole),
                                         whole.size(), raw(pair.secret.view())),
                    "signing");
    return signature;
}

bool signature_fits(const SignPublicKey& key, std::string_view context, Bytes message,
                    const Signature& signature)
{
    initialise();
    const ByteBuffer whole = in_context(context, message);
    return crypto_sign_verify_detached(raw(signature.bytes()), raw(whole), whole.size(),
                                       raw(key.bytes())) == 0;
}

}  // namespace mailhold::crypto
