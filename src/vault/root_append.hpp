#pragma once
// Owners extending the root log: one entry more, a slot, an epoch.

#include "mailhold/vault/keys.hpp"
#include "mailhold/vault/root_log.hpp"
#include "slot.hpp"

namespace mailhold::vault {

/// Makes the entry that follows `log` and applies it to `log`. It is not published.
RootEntry extend(RootLog& log, const crypto::SignPair& root, const Json& event);

/// extend, and published. Throws locked when the store's log has moved on.
void publish_event(objects::Store& store, RootLog& log, const ReaderKeys& keys, const Json& event);

/// Throws wrong_key unless `keys` can sign and opens every epoch of `log`.
void require_owner(const RootLog& log, const ReaderKeys& keys);

/// Puts a slot's object and opens it again from the store. Throws storage when it does not open.
void publish_slot(objects::Store& store, const RootLog& log, const NewSlot& slot,
                  const KeyOf& key_of);

/// Keys of an epoch that nobody has yet.
ReaderKeys::Epoch invent_epoch(std::uint64_t n);

/// What the log says of `epoch`: rings for the slots of `log` and P for its live writers, both but
/// for one that is to go.
EpochInfo describe_epoch(const RootLog& log, const ReaderKeys& keys, const ReaderKeys::Epoch& epoch,
                         const crypto::SlotId* without_slot = nullptr,
                         const crypto::WriterId* without_writer = nullptr);

}  // namespace mailhold::vault
