// Slots listed, added and removed.

#include <algorithm>

#include "mailhold/base/error.hpp"
#include "mailhold/vault/owner.hpp"
#include "names.hpp"
#include "ring.hpp"
#include "root_append.hpp"
#include "root_events.hpp"

namespace mailhold::vault {

namespace {

constexpr std::string_view unreadable = "unreadable";

std::string kind_in_store(const objects::Store& store, const RootLog& log, const SlotInfo& info)
{
    try {
        return std::string(kind_text(read_slot(store, log, info).kind));
    } catch (const Error&) {
        return std::string(unreadable);
    }
}

/// Rings of all epochs for a new slot.
SealedByEpoch rings_for(const ReaderKeys& keys, const crypto::BoxPublicKey& slot)
{
    SealedByEpoch rings;
    for (const ReaderKeys::Epoch& epoch : keys.epochs)
        rings.emplace(epoch.n, seal_ring(keys, epoch, slot));
    return rings;
}

RootLog add_slot(objects::Store& store, RootLog log, const ReaderKeys& keys, const NewSlot& slot,
                 const KeyOf& key_of)
{
    publish_slot(store, log, slot, key_of);
    publish_event(store, log, keys, slot_event(slot.info, rings_for(keys, slot.info.key)));
    return log;
}

void require_room(const RootLog& log, const ReaderKeys& keys)
{
    require_owner(log, keys);
    if (log.slots.size() >= max_slots)
        throw Error(ErrorKind::usage, "the vault has 32 slots, and more are not possible",
                    "remove one that nobody uses, with `mailhold key remove`");
}

void require_another_usable(const objects::Store& store, const RootLog& log,
                            const crypto::SlotId& slot)
{
    const auto current = log.current_epoch().rings;
    const bool another = std::ranges::any_of(log.slots, [&](const auto& other) {
        return other.first != slot && current.contains(other.first) &&
               kind_in_store(store, log, other.second) != unreadable;
    });
    if (!another)
        throw Error(ErrorKind::usage, "this is the last slot that opens the vault",
                    "add another with `mailhold key add` first");
}

}  // namespace

std::vector<SlotDetails> list_slots(const objects::Store& store, const RootLog& log)
{
    std::vector<SlotDetails> slots;
    for (const auto& [id, info] : log.slots)
        slots.push_back({info, kind_in_store(store, log, info)});
    return slots;
}

RootLog add_passphrase_slot(objects::Store& store, const RootLog& log, const ReaderKeys& keys,
                            Bytes passphrase)
{
    require_room(log, keys);
    return add_slot(
        store, log, keys, make_passphrase_slot(log.root, passphrase),
        [&](const SlotFile& slot) { return slot_key_from_passphrase(slot, passphrase); });
}

NewRecovery add_recovery_slot(objects::Store& store, const RootLog& log, const ReaderKeys& keys)
{
    require_room(log, keys);
    RecoveryKey key = new_recovery_key();
    RootLog extended =
        add_slot(store, log, keys, make_recovery_slot(log.root, key.bytes.view()),
                 [&](const SlotFile& slot) {
                     return slot_key_from_recovery(slot, parse_recovery_key(key.printed).view());
                 });
    return {std::move(extended), std::move(key.printed)};
}

RootLog remove_slot(objects::Store& store, const RootLog& log, const ReaderKeys& keys,
                    const crypto::SlotId& slot)
{
    require_owner(log, keys);
    const auto found = log.slots.find(slot);
    if (found == log.slots.end())
        throw Error(ErrorKind::not_found, "the vault has no such slot");
    require_another_usable(store, log, slot);

    // The epoch first: killed in between, the slot is still listed, and removing it again works.
    RootLog extended = log;
    publish_event(
        store, extended, keys,
        epoch_event(describe_epoch(log, keys, invent_epoch(log.current_epoch().n + 1), &slot)));
    publish_event(store, extended, keys, unslot_event(slot));
    // Without its object, who learns the passphrase later cannot open the old epochs from here.
    const std::string name = slot_name(found->second.object);
    if (store.find(name))
        store.remove(name);
    return extended;
}

}  // namespace mailhold::vault
