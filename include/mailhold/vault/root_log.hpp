#pragma once
// The signed root log: the vault, its epochs, writers, revocations and slots (docs/format.md, Root
// log).

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/json.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "mailhold/objects/store.hpp"

namespace mailhold::vault {

enum class WriterRole { append, keeper };

struct WriterInfo {
    crypto::WriterId id;
    crypto::SignPublicKey key;
    std::string name;
    WriterRole role = WriterRole::append;
    /// Entries after it are listed, never applied.
    std::optional<std::uint64_t> revoked_after_seq;
    crypto::Hash revoked_after_hash;  ///< of the entry with that seq; zero when it is 0
};

struct SlotInfo {
    crypto::SlotId id;
    crypto::BoxPublicKey key;
    crypto::Hash object;  ///< keys/<hash>
};

struct EpochInfo {
    std::uint64_t n = 0;
    crypto::BoxPublicKey vault_key;
    std::map<crypto::SlotId, ByteBuffer> rings;     ///< sealed to each slot
    std::map<crypto::WriterId, ByteBuffer> key_ps;  ///< P sealed to each writer
};

/// The root log read and checked from its first entry to its last.
struct RootLog {
    crypto::VaultId vault;
    crypto::SignPublicKey root;
    std::uint64_t seq = 0;  ///< of the last entry
    crypto::Hash head;      ///< hash of the last entry's bytes
    std::vector<EpochInfo> epochs;
    std::map<crypto::WriterId, WriterInfo> writers;
    std::map<crypto::SlotId, SlotInfo> slots;
    std::vector<ByteBuffer> entries;  ///< exact bytes, for the mirror

    const EpochInfo& current_epoch() const { return epochs.back(); }
    std::string
    fingerprint() const;  ///< of the root key, for the recovery sheet: 8 groups of 4 hex digits
};

/// Largest root log entry that is read.
inline constexpr std::uint64_t root_entry_limit_bytes = 4 * mebibyte;

/// Reads root/. `pinned`: the root key it must be signed by. `at_least`: the highest sequence seen
/// before. Throws not_found (no vault here), tampered (signature, chain, other root, or ROLLBACK),
/// damaged, too_new.
RootLog read_root_log(const objects::Store& store,
                      const std::optional<crypto::SignPublicKey>& pinned,
                      std::uint64_t at_least = 0);

/// Where the store has the entries of a log, in order.
struct RootEntryName {
    std::string name;
    crypto::Hash hash;
    std::uint64_t length = 0;
};
std::vector<RootEntryName> root_entry_names(const RootLog& log);

/// Bytes and object name of a new entry after (seq, head).
struct RootEntry {
    std::string name;
    ByteBuffer bytes;
    std::uint64_t seq = 0;
    crypto::Hash hash;
};
RootEntry make_root_entry(const crypto::SignPair& root, std::uint64_t seq,
                          const crypto::Hash& previous, const Json& event);

}  // namespace mailhold::vault
