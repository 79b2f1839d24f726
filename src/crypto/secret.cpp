// Locked memory of libsodium behind SecretBytes.

#include "mailhold/crypto/secret.hpp"

#include <algorithm>

#include <sodium.h>

#include "mailhold/base/error.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "sodium_seam.hpp"

namespace mailhold::crypto {

void initialise()
{
    static const bool ready = sodium_init() >= 0;
    if (!ready)
        throw Error(ErrorKind::bug, "libsodium cannot start");
}

SecretBytes::SecretBytes(std::size_t size) : size_(size)
{
    initialise();
    if (size == 0)
        return;
    bytes_.reset(static_cast<std::byte*>(sodium_malloc(size)));
    if (!bytes_)
        throw Error(ErrorKind::storage, "no locked memory left for a key");
    sodium_memzero(bytes_.get(), size);
}

SecretBytes::SecretBytes(Bytes copied) : SecretBytes(copied.size())
{
    std::copy(copied.begin(), copied.end(), bytes_.get());
}

Bytes SecretBytes::view() const noexcept
{
    return {bytes_.get(), size_};
}

std::span<std::byte> SecretBytes::writable() noexcept
{
    return {bytes_.get(), size_};
}

void SecretBytes::Wipe::operator()(std::byte* bytes) const noexcept
{
    sodium_free(bytes);
}

void wipe(std::span<std::byte> bytes) noexcept
{
    if (!bytes.empty())
        sodium_memzero(bytes.data(), bytes.size());
}

bool same_secret(Bytes a, Bytes b) noexcept
{
    return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

void fill_random(std::span<std::byte> out)
{
    initialise();
    if (!out.empty())
        randombytes_buf(out.data(), out.size());
}

SecretBytes random_secret(std::size_t size)
{
    SecretBytes secret(size);
    fill_random(secret.writable());
    return secret;
}

}  // namespace mailhold::crypto
