#pragma once
// Secrets that the kernel keeps in memory for a while (its keyring), for every process of this
// user, and forgets by itself.

#include <chrono>
#include <optional>
#include <string>

#include "mailhold/base/clock.hpp"
#include "mailhold/crypto/secret.hpp"

namespace mailhold::credentials {

inline constexpr std::size_t max_kept_bytes = 30'000;  ///< the kernel's limit is 32,767

struct KeptSecret {
    crypto::SecretBytes secret;
    Time until{};  ///< when the kernel forgets it
};

/// Keeps `secret` under `name` for `duration`, in place of an earlier one, and reads it back. No
/// swap, no disk. Throws refused where this kernel or container has no keyring or its quota is
/// full; usage for a secret over max_kept_bytes.
void keep_secret(const std::string& name, Bytes secret, std::chrono::seconds duration);

/// nullopt when there is none, its time is over, or there is no keyring.
std::optional<KeptSecret> kept_secret(const std::string& name);

/// False when there was none.
bool drop_secret(const std::string& name);

}  // namespace mailhold::credentials
