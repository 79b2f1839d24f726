#pragma once
// Who holds which keys (docs/format.md, Keys): the writer kit of a nightly host, and an unlocked
// reader's keys.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/crypto/crypto.hpp"
#include "mailhold/sealed/stream.hpp"

namespace mailhold::vault {

/// Everything the nightly host needs to add to the vault; opens nothing that is sealed.
struct WriterKit {
    crypto::VaultId vault;
    crypto::SignPublicKey root;  ///< pinned: everything in the store is checked against it
    crypto::WriterId writer;
    crypto::SignPair signing;
    crypto::SecretBytes key_i;
    crypto::SecretBytes key_p;  ///< of the current epoch
    crypto::BoxPublicKey vault_key;
    std::uint64_t epoch = 1;

    sealed::SealingKeys sealing() const;
};

/// state/writer.kit, mode 0600. Throws not_found, damaged; refuses (usage) a file others can read.
void save_writer_kit(const std::filesystem::path& path, const WriterKit& kit);
WriterKit load_writer_kit(const std::filesystem::path& path);

/// What unlocking gives: opens every epoch. Owners' also sign the root log.
struct ReaderKeys {
    struct Epoch {
        std::uint64_t n = 0;
        crypto::BoxPair vault_pair;
        crypto::SecretBytes key_p;
    };
    std::vector<Epoch> epochs;
    crypto::SecretBytes key_i;
    std::optional<crypto::SignPair> root;

    /// Keys of the epoch that a stream's header was sealed to; throws wrong_key when we lack it.
    sealed::OpeningKeys opening(const sealed::Header& header) const;
};

}  // namespace mailhold::vault
