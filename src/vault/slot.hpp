#pragma once
// Slots: a secret key behind a passphrase or a recovery key (docs/format.md, Slots).

#include <functional>
#include <optional>
#include <string>

#include "mailhold/vault/keys.hpp"
#include "mailhold/vault/root_log.hpp"

namespace mailhold::vault {

enum class SlotKind { passphrase, recovery };

/// More slots than this would make one unlocking cost minutes.
inline constexpr std::size_t max_slots = 32;

std::string_view kind_text(SlotKind kind);

/// What stands in a slot's object, read and checked against the log; its secret is still closed.
struct SlotFile {
    SlotKind kind = SlotKind::passphrase;
    crypto::VaultId vault;
    crypto::SlotId id;
    crypto::KdfCost cost;  ///< passphrase only
    ByteBuffer salt;       ///< passphrase only
    ByteBuffer nonce;
    std::string line;  ///< the first one: what the AEAD binds
    ByteBuffer sealed;
};

/// Throws malformed, too_new. Costs over the limits are refused here, before any work.
SlotFile parse_slot(Bytes file);

/// Reads and checks the object of a slot that the log names. Throws not_found, damaged, too_new,
/// tampered, store_unavailable.
SlotFile read_slot(const objects::Store& store, const RootLog& log, const SlotInfo& slot);

/// 32 random bytes, and how people copy them: 14 groups of 4 with 3 check bytes.
struct RecoveryKey {
    crypto::SecretBytes bytes;
    std::string printed;
};
RecoveryKey new_recovery_key();
/// Throws usage when it is mistyped.
crypto::SecretBytes parse_recovery_key(std::string_view printed);

/// One final line end belongs to the editor or to echo, not to the passphrase.
Bytes without_line_end(Bytes passphrase);

/// The key that opens a slot's AEAD, from a passphrase or from a recovery key.
using KeyOf = std::function<crypto::SecretBytes(const SlotFile&)>;
crypto::SecretBytes slot_key_from_passphrase(const SlotFile& slot, Bytes passphrase);
crypto::SecretBytes slot_key_from_recovery(const SlotFile& slot, Bytes recovery_key);

/// The slot's pair; nullopt when `key` does not open it. Throws tampered when what it opens
/// contradicts the log.
std::optional<crypto::BoxPair> open_slot(const SlotFile& slot, Bytes key, const SlotInfo& info,
                                         const crypto::SignPublicKey& root);

/// A slot ready to be published.
struct NewSlot {
    SlotInfo info;
    ByteBuffer file;
};
/// Fills kind, cost and salt as given, invents id, nonce and pair.
NewSlot make_passphrase_slot(const crypto::SignPublicKey& root, Bytes passphrase);
NewSlot make_recovery_slot(const crypto::SignPublicKey& root, Bytes recovery_key);

}  // namespace mailhold::vault
