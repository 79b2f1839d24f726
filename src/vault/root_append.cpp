// One entry more, published only onto the log that its maker has seen.

#include "root_append.hpp"

#include "mailhold/base/error.hpp"
#include "names.hpp"
#include "ring.hpp"
#include "root_entry.hpp"
#include "root_events.hpp"

namespace mailhold::vault {

namespace {

constexpr std::size_t key_bytes = 32;

void require_same_end(const objects::Store& store, const RootLog& log)
{
    const RootLog there = read_root_log(store, log.root);
    if (there.seq != log.seq || there.head != log.head)
        throw Error(ErrorKind::locked, "the root log has changed since it was read",
                    "run the same command again");
}

}  // namespace

RootEntry extend(RootLog& log, const crypto::SignPair& root, const Json& event)
{
    RootEntry entry = make_root_entry(root, log.seq + 1, log.head, event);
    apply_root_entry(log, entry.bytes);
    return entry;
}

void publish_event(objects::Store& store, RootLog& log, const ReaderKeys& keys, const Json& event)
{
    require_same_end(store, log);
    const RootEntry entry = extend(log, keys.root.value(), event);
    store.put_new(entry.name, entry.bytes);
}

void require_owner(const RootLog& log, const ReaderKeys& keys)
{
    if (!keys.root)
        throw Error(ErrorKind::wrong_key, "this slot may read the vault but not change who may",
                    "use an owner's passphrase or the recovery key");
    if (keys.epochs.size() != log.epochs.size() || keys.epochs.back().n != log.current_epoch().n)
        throw Error(ErrorKind::wrong_key, "these keys do not open every epoch of the vault",
                    "unlock the vault again");
}

void publish_slot(objects::Store& store, const RootLog& log, const NewSlot& slot,
                  const KeyOf& key_of)
{
    store.put_new(slot_name(slot.info.object), slot.file);
    const SlotFile there = read_slot(store, log, slot.info);
    if (!open_slot(there, key_of(there).view(), slot.info, log.root))
        throw Error(ErrorKind::storage, "a new slot does not open again from the store");
}

ReaderKeys::Epoch invent_epoch(std::uint64_t n)
{
    return {n, crypto::new_box_pair(), crypto::random_secret(key_bytes)};
}

EpochInfo describe_epoch(const RootLog& log, const ReaderKeys& keys, const ReaderKeys::Epoch& epoch,
                         const crypto::SlotId* without_slot, const crypto::WriterId* without_writer)
{
    EpochInfo info{
        .n = epoch.n, .vault_key = epoch.vault_pair.public_key, .rings = {}, .key_ps = {}};
    for (const auto& [id, slot] : log.slots) {
        if (without_slot == nullptr || id != *without_slot)
            info.rings.emplace(id, seal_ring(keys, epoch, slot.key));
    }
    for (const auto& [id, writer] : log.writers) {
        const bool goes = without_writer != nullptr && id == *without_writer;
        if (!goes && !writer.revoked_after_seq)
            info.key_ps.emplace(
                id, crypto::box_seal_checked(crypto::box_key_of(writer.key), epoch.key_p.view()));
    }
    return info;
}

}  // namespace mailhold::vault
