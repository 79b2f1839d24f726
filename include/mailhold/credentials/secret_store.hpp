#pragma once
// The passwords of a writer's accounts, sealed in one file of its state folder. The key comes from
// the writer's own, so that the nightly run needs nobody: whoever has the whole state folder can
// open it, whoever has the file cannot.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/crypto/crypto.hpp"
#include "mailhold/crypto/secret.hpp"

namespace mailhold::credentials {

inline constexpr std::size_t max_secret_bytes = 64 * kibibyte;

/// Key of the store that belongs to `writer`.
crypto::SecretBytes store_key(const crypto::SignPair& writer);

/// Reads the file at every call, so that a long run sees what `account add` wrote meanwhile.
/// Shareable by threads and processes. A missing file is an empty store. Every call throws
/// wrong_key (sealed by another writer), damaged, too_new or storage.
class SecretStore {
public:
    SecretStore(std::filesystem::path file, crypto::SecretBytes key);

    std::optional<crypto::SecretBytes> get(std::string_view address) const;

    /// Durable when it returns. Throws usage for a secret that is empty or over max_secret_bytes.
    void set(std::string_view address, Bytes secret);

    /// False when there was none.
    bool remove(std::string_view address);

    /// Seals everything to another key, which alone opens the file from then on.
    void reseal(Bytes new_key);

    /// Lower-case and sorted.
    std::vector<std::string> addresses() const;

private:
    std::filesystem::path file_;
    crypto::SecretBytes key_;
};

}  // namespace mailhold::credentials
