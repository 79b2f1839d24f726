#pragma once
// The events of the root log: their JSON, and what each does to a RootLog (docs/format.md, Root
// log).

#include "mailhold/base/json.hpp"
#include "mailhold/vault/root_log.hpp"

namespace mailhold::vault {

/// Rings or keys P, each sealed to the one it is for.
using SealedForSlots = std::map<crypto::SlotId, ByteBuffer>;
using SealedForWriters = std::map<crypto::WriterId, ByteBuffer>;
using SealedByEpoch = std::map<std::uint64_t, ByteBuffer>;

Json vault_event(const crypto::SignPublicKey& root);
Json epoch_event(const EpochInfo& epoch);
Json writer_event(const crypto::SignPublicKey& key, std::string_view name, WriterRole role);
Json revoke_event(const crypto::WriterId& writer, std::uint64_t seq, const crypto::Hash& hash);
/// `rings`: of the epochs that were there before the slot.
Json slot_event(const SlotInfo& slot, const SealedByEpoch& rings);
Json unslot_event(const crypto::SlotId& slot);

/// Applies one event of a verified entry. Throws malformed, tampered (contradicts the log),
/// too_new.
void apply_root_event(RootLog& log, const Json& event);

}  // namespace mailhold::vault
