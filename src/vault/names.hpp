#pragma once
// Object names of docs/format.md, Objects, made and taken apart.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/crypto/types.hpp"

namespace mailhold::vault {

inline constexpr std::string_view root_folder = "root/";
inline constexpr std::string_view slot_folder = "keys/";
inline constexpr std::string_view journal_folder = "journal/";
inline constexpr std::string_view archive_folder = "archives/";
inline constexpr std::string_view index_folder = "index/";

/// "0000000017-<64 hex>".
struct Numbered {
    std::uint64_t seq = 0;
    crypto::Hash hash;
};
std::string numbered(std::uint64_t seq, const crypto::Hash& hash);
/// nullopt for anything that `numbered` does not make.
std::optional<Numbered> parse_numbered(std::string_view text);

std::string root_name(std::uint64_t seq, const crypto::Hash& hash);
std::string slot_name(const crypto::Hash& hash);

/// First 16 bytes of H(context || public key).
crypto::VaultId vault_id_of(const crypto::SignPublicKey& root);
crypto::WriterId writer_id_of(const crypto::SignPublicKey& writer);

}  // namespace mailhold::vault
