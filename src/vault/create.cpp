// Making a vault. Entry 1 of the root log is published last: before it there is no vault, only
// leftovers, which the next attempt clears away.

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/vault/owner.hpp"
#include "names.hpp"
#include "root_append.hpp"
#include "root_events.hpp"

namespace mailhold::vault {

namespace {

constexpr std::size_t key_bytes = 32;

/// Cheap for test processes, worthless for anything else.
constexpr crypto::KdfCost test_cost{.passes = 1, .memory_bytes = 64 * kibibyte};

Error already_there(const objects::Store& store, std::string_view what)
{
    return Error(ErrorKind::usage, fmt::format("{}: {}", store.description(), what),
                 "name another folder for a new vault; or join this one, also where making it was "
                 "interrupted, with `mailhold writer add` under a config that names it");
}

void require_no_vault(const objects::Store& store)
{
    if (is_announced(store))
        throw already_there(store, "a vault is there already");
    for (const auto folder : {journal_folder, archive_folder, index_folder}) {
        if (!store.list(std::string(folder)).empty())
            throw already_there(store, "mail is there already, of a vault whose root log is lost");
    }
}

/// What an interrupted init left: entries and slots that nobody can use without its entry 1.
void clear_leftovers(objects::Store& store)
{
    for (const std::string_view folder : {root_folder, slot_folder}) {
        for (const objects::ObjectInfo& info : store.list(std::string(folder)))
            store.remove(info.name);
    }
    for (const objects::ObjectInfo& info : store.list("tmp/")) {
        if (info.name.starts_with("tmp/root-") || info.name.starts_with("tmp/keys-"))
            store.remove(info.name);
    }
}

ReaderKeys invent_keys()
{
    ReaderKeys keys;
    keys.root = crypto::new_sign_pair();
    keys.key_i = crypto::random_secret(key_bytes);
    keys.epochs.push_back(invent_epoch(1));
    return keys;
}

WriterKit first_kit(const RootLog& log, const ReaderKeys& keys)
{
    WriterKit kit;
    kit.vault = log.vault;
    kit.root = log.root;
    kit.signing = crypto::new_sign_pair();
    kit.writer = writer_id_of(kit.signing.public_key);
    kit.key_i = keys.key_i.clone();
    kit.key_p = keys.epochs.front().key_p.clone();
    kit.vault_key = keys.epochs.front().vault_pair.public_key;
    return kit;
}

/// Entries 2 to the last, then entry 1, which makes it a vault.
void announce(objects::Store& store, const std::vector<RootEntry>& entries)
{
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
        store.put_new(entry->name, entry->bytes);
}

}  // namespace

crypto::KdfCost default_kdf_cost()
{
    const char* fast = std::getenv("MAILHOLD_TEST_FAST_KDF");
    return fast != nullptr && std::string_view(fast) == "1" ? test_cost : crypto::KdfCost{};
}

bool is_announced(const objects::Store& store)
{
    return std::ranges::any_of(
        store.list(std::string(root_folder)), [](const objects::ObjectInfo& info) {
            const auto number =
                parse_numbered(std::string_view(info.name).substr(root_folder.size()));
            return number && number->seq == 1;
        });
}

CreatedVault create_vault(objects::Store& store, Bytes passphrase, std::string_view writer_name)
{
    require_no_vault(store);
    clear_leftovers(store);

    const ReaderKeys keys = invent_keys();
    const crypto::SignPair& root = *keys.root;
    CreatedVault created;
    std::vector<RootEntry> entries;
    const auto add = [&](const Json& event) {
        entries.push_back(extend(created.log, root, event));
    };

    add(vault_event(root.public_key));
    const NewSlot daily = make_passphrase_slot(root.public_key, passphrase);
    publish_slot(store, created.log, daily,
                 [&](const SlotFile& slot) { return slot_key_from_passphrase(slot, passphrase); });
    add(slot_event(daily.info, {}));

    RecoveryKey recovery_key = new_recovery_key();
    const NewSlot recovery = make_recovery_slot(root.public_key, recovery_key.bytes.view());
    publish_slot(store, created.log, recovery, [&](const SlotFile& slot) {
        return slot_key_from_recovery(slot, parse_recovery_key(recovery_key.printed).view());
    });
    add(slot_event(recovery.info, {}));

    created.kit = first_kit(created.log, keys);
    add(writer_event(created.kit.signing.public_key, writer_name, WriterRole::append));
    add(epoch_event(describe_epoch(created.log, keys, keys.epochs.front())));
    announce(store, entries);
    created.recovery_key = std::move(recovery_key.printed);
    return created;
}

}  // namespace mailhold::vault
