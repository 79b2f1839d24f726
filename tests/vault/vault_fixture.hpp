#pragma once
// A small vault in memory, unlocked, and ways to break its objects.

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mailhold/crypto/secret.hpp"
#include "mailhold/vault/journal.hpp"
#include "mailhold/vault/owner.hpp"
#include "memory_store.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::test {

inline constexpr std::string_view passphrase = "correct horse battery staple";

/// Makes passphrases cheap for this process.
inline void use_fast_kdf()
{
    crypto::initialise();
    ::setenv("MAILHOLD_TEST_FAST_KDF", "1", 1);
}

class VaultTest : public testing::Test {
protected:
    VaultTest()
    {
        use_fast_kdf();
        vault = vault::create_vault(store, bytes_of(passphrase), "night host");
        keys = vault::unlock_with_passphrase(store, vault.log, bytes_of(passphrase));
    }

    vault::RootLog read_log() const { return vault::read_root_log(store, vault.kit.root); }

    MemoryStore store;
    vault::CreatedVault vault;
    vault::ReaderKeys keys;
};

/// Calls `look` for every shorter version of `bytes`; it is whole again afterwards.
template <class Look>
void for_each_truncation(ByteBuffer& bytes, Look look)
{
    const ByteBuffer whole = bytes;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        bytes.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        look(size);
    }
    bytes = whole;
}

/// Calls `look` once for every byte, with one bit of it flipped; it is whole again afterwards.
template <class Look>
void for_each_flipped_bit(ByteBuffer& bytes, Look look)
{
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto bit = std::byte{1} << (i % 8);
        bytes[i] ^= bit;
        look(i);
        bytes[i] ^= bit;
    }
}

}  // namespace mailhold::test
