#pragma once
// What owners do: create a vault, unlock it, manage slots and writers, rotate the epoch.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/vault/keys.hpp"
#include "mailhold/vault/root_log.hpp"

namespace mailhold::vault {

/// Test processes may make key derivation cheap: MAILHOLD_TEST_FAST_KDF=1 in the environment.
crypto::KdfCost default_kdf_cost();

struct CreatedVault {
    WriterKit kit;
    RootLog log;
    std::string recovery_key;  ///< 14 groups of 4, shown once
};

/// Makes a vault in an empty store: root key, epoch 1, first writer, a passphrase slot and a
/// recovery slot; every slot is opened again from the store before the vault is announced. Throws
/// usage when a vault is there already.
CreatedVault create_vault(objects::Store& store, Bytes passphrase, std::string_view writer_name);

/// Whether entry 1 of a root log is there, which makes a store a vault.
bool is_announced(const objects::Store& store);

/// Tries the passphrase on every slot of its kind. Throws wrong_key; too_new, damaged when no slot
/// could be read.
ReaderKeys unlock_with_passphrase(const objects::Store& store, const RootLog& log,
                                  Bytes passphrase);
/// Takes the printed recovery key. Throws wrong_key; usage when it is mistyped (its check bytes
/// differ).
ReaderKeys unlock_with_recovery_key(const objects::Store& store, const RootLog& log,
                                    std::string_view printed);

/// Takes whichever of the two the user gave: a recovery key is known by its form and check bytes.
ReaderKeys unlock(const objects::Store& store, const RootLog& log,
                  Bytes passphrase_or_recovery_key);

/// Keys for reading every epoch, and not the root key, for keeping in memory only (`mailhold
/// unlock`). Layout: rings as docs/format.md has them, one behind the other.
crypto::SecretBytes pack_for_reading(const ReaderKeys& keys);
/// nullopt when they are another vault's, broken, or lack an epoch of the log (it was rotated).
std::optional<ReaderKeys> unpack_for_reading(const RootLog& log, Bytes packed);

struct SlotDetails {
    SlotInfo info;
    std::string kind;  ///< "passphrase" | "recovery" | "unreadable"
};
std::vector<SlotDetails> list_slots(const objects::Store& store, const RootLog& log);

/// New slots get the rings of every epoch. They are re-opened from the store before they are
/// announced.
RootLog add_passphrase_slot(objects::Store& store, const RootLog& log, const ReaderKeys& keys,
                            Bytes passphrase);
struct NewRecovery {
    RootLog log;
    std::string recovery_key;
};
NewRecovery add_recovery_slot(objects::Store& store, const RootLog& log, const ReaderKeys& keys);

/// Removes a slot and rotates the epoch, so that it opens nothing written from now on. Throws usage
/// for the last usable slot. Writers' new P is in the log; a kit takes it with refresh_kit().
RootLog remove_slot(objects::Store& store, const RootLog& log, const ReaderKeys& keys,
                    const crypto::SlotId& slot);

/// Certifies a new writer and returns its kit.
struct NewWriter {
    RootLog log;
    WriterKit kit;
};
NewWriter add_writer(objects::Store& store, const RootLog& log, const ReaderKeys& keys,
                     std::string_view name, WriterRole role = WriterRole::append);
/// Entries of `writer` after (seq, hash) will never be applied; rotates the epoch.
RootLog revoke_writer(objects::Store& store, const RootLog& log, const ReaderKeys& keys,
                      const crypto::WriterId& writer, std::uint64_t seq, const crypto::Hash& hash);

/// Brings a kit to the log's current epoch. Throws refused when the writer is revoked. True when it
/// changed.
bool refresh_kit(WriterKit& kit, const RootLog& log);

/// The sheet to print and keep: vault, root fingerprint, recovery key, what to do with it.
std::string recovery_sheet(const RootLog& log, std::string_view recovery_key,
                           std::string_view store_description);

}  // namespace mailhold::vault
