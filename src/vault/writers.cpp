// Hosts that may add to the vault: certified, revoked, and brought to the current epoch.

#include "mailhold/base/error.hpp"
#include "mailhold/vault/owner.hpp"
#include "names.hpp"
#include "root_append.hpp"
#include "root_events.hpp"

namespace mailhold::vault {

namespace {

constexpr std::size_t key_bytes = 32;

void require_live(const WriterKit& kit, const RootLog& log)
{
    if (log.vault != kit.vault || log.root != kit.root)
        throw Error(ErrorKind::tampered, "the writer's keys belong to another vault");
    const auto writer = log.writers.find(kit.writer);
    if (writer == log.writers.end())
        throw Error(ErrorKind::refused, "this host was never allowed to write to the vault",
                    "let an owner run `mailhold writer add`");
    if (writer->second.revoked_after_seq)
        throw Error(ErrorKind::refused, "this host may no longer write to the vault",
                    "let an owner run `mailhold writer renew` here");
}

}  // namespace

NewWriter add_writer(objects::Store& store, const RootLog& log, const ReaderKeys& keys,
                     std::string_view name, WriterRole role)
{
    require_owner(log, keys);
    NewWriter made{.log = log, .kit = {}};
    const ReaderKeys::Epoch& epoch = keys.epochs.back();
    made.kit.vault = log.vault;
    made.kit.root = log.root;
    made.kit.signing = crypto::new_sign_pair();
    made.kit.writer = writer_id_of(made.kit.signing.public_key);
    made.kit.key_i = keys.key_i.clone();
    made.kit.key_p = epoch.key_p.clone();
    made.kit.vault_key = epoch.vault_pair.public_key;
    made.kit.epoch = epoch.n;
    publish_event(store, made.log, keys, writer_event(made.kit.signing.public_key, name, role));
    return made;
}

RootLog revoke_writer(objects::Store& store, const RootLog& log, const ReaderKeys& keys,
                      const crypto::WriterId& writer, std::uint64_t seq, const crypto::Hash& hash)
{
    require_owner(log, keys);
    if (!log.writers.contains(writer))
        throw Error(ErrorKind::not_found, "the vault has no such writer");
    if ((seq == 0) != (hash == crypto::Hash{}))
        throw Error(ErrorKind::bug, "a revocation names either an entry and its hash, or none");
    // The epoch first: killed in between, the writer is still live, and revoking it again works.
    RootLog extended = log;
    publish_event(store, extended, keys,
                  epoch_event(describe_epoch(log, keys, invent_epoch(log.current_epoch().n + 1),
                                             nullptr, &writer)));
    publish_event(store, extended, keys, revoke_event(writer, seq, hash));
    return extended;
}

bool refresh_kit(WriterKit& kit, const RootLog& log)
{
    require_live(kit, log);
    const EpochInfo& epoch = log.current_epoch();
    if (epoch.n < kit.epoch)
        throw Error(ErrorKind::tampered, "ROLLBACK: the root log has lost an epoch");
    if (epoch.n == kit.epoch) {
        if (epoch.vault_key != kit.vault_key)
            throw Error(ErrorKind::tampered, "the vault's key is not the one we know");
        return false;
    }
    const auto sealed = epoch.key_ps.find(kit.writer);
    if (sealed == epoch.key_ps.end())
        throw Error(ErrorKind::refused, "the vault's new keys were not given to this host",
                    "let an owner run `mailhold writer renew` here");
    auto key_p = crypto::box_open(crypto::box_pair_of(kit.signing), sealed->second);
    if (!key_p || key_p->size() != key_bytes)
        throw Error(ErrorKind::tampered, "the vault's new keys do not open for this host");
    kit.key_p = *std::move(key_p);
    kit.vault_key = epoch.vault_key;
    kit.epoch = epoch.n;
    return true;
}

}  // namespace mailhold::vault
