#pragma once
// Rings: the keys of one epoch, sealed to one slot (docs/format.md, Rings).

#include "mailhold/vault/keys.hpp"
#include "mailhold/vault/root_log.hpp"

namespace mailhold::vault {

/// The ring of `epoch` for a slot: its vault secret, P, I, and the root secret if `keys` has it.
ByteBuffer seal_ring(const ReaderKeys& keys, const ReaderKeys::Epoch& epoch,
                     const crypto::BoxPublicKey& slot);

/// Opens every ring that the log has for a slot. Throws tampered, too_new, damaged (there is none).
ReaderKeys open_rings(const RootLog& log, const crypto::SlotId& slot, const crypto::BoxPair& pair);

}  // namespace mailhold::vault
