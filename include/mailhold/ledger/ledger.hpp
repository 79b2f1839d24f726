#pragma once
// The ledger: a vault, its catalog and this host's state as one thing. Opening settles what an
// earlier run left half done; one commit makes mail and what we know of it durable together
// (docs/format.md, Order of writes).

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/index/shard.hpp"
#include "mailhold/objects/store.hpp"
#include "mailhold/vault/archive.hpp"
#include "mailhold/vault/event.hpp"
#include "mailhold/vault/journal.hpp"
#include "mailhold/vault/keys.hpp"
#include "mailhold/vault/root_log.hpp"

namespace mailhold::ledger {

struct SearchedShards;

struct Paths {
    std::filesystem::path vault;  ///< the store's folder
    std::filesystem::path state;  ///< writer.kit, catalog.sqlite, mirror/, secrets, lock
};

/// What opening found and mended; every line is for the operator.
struct Recovery {
    bool outbox_settled = false;
    std::vector<std::string> removed_orphans;
    std::vector<std::string> healed;  ///< names republished from the mirror (ROLLBACK healed)
    /// Missing or of wrong length: their mail is fetched again.
    std::vector<std::string> lost_archives;
    /// Parts of the search index that are missing or of wrong length: made again by a host that can
    /// read.
    std::vector<std::string> lost_shards;
    /// ROLLBACK not healed: what the store has lost since it was last seen, one sentence each.
    std::vector<std::string> rollbacks;
};

/// Reads messages back. Not for sharing by threads. Tries every location, verifies the content id,
/// joins parts.
class Library {
public:
    Library(const objects::Store& store, const vault::ReaderKeys& keys,
            const catalog::Catalog& catalog);
    ~Library();

    /// The original bytes. Throws not_found (no such id), damaged or tampered (no location gives
    /// it), store_unavailable.
    ByteBuffer message(const crypto::ContentId& id);
    /// The same without asking the catalog, unless it cannot be read there.
    ByteBuffer message(const catalog::LyingMessage& message);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One host's view of one vault. Not for sharing by threads, except catalog().
class Ledger {
public:
    enum class Mode {
        read,  ///< no lock; recovery is left to the next writer
        /// Takes state/lock (throws locked), settles the outbox, heals the store, sweeps own
        /// orphans.
        write,
    };

    /// Throws not_found (no vault or state here), tampered (also FORK), damaged, storage, locked,
    /// refused (writer revoked).
    Ledger(const Paths& paths, Mode mode);
    /// The same for any store.
    Ledger(std::unique_ptr<objects::Store> store, const std::filesystem::path& state, Mode mode);
    ~Ledger();

    const Recovery& recovery() const;
    objects::Store& store();
    const vault::RootLog& root_log() const;
    /// The highest root log entry ever seen from here.
    std::uint64_t root_entries_seen() const;
    const vault::WriterKit& kit() const;  ///< throws not_found on a host that is no writer
    bool is_writer() const;
    /// Whether this host may add to the account: it is this writer's, or its writer was revoked and
    /// it is free to be taken over (by describing it in the own chain).
    bool may_keep(const catalog::AccountRow& account) const;
    catalog::Catalog& catalog();
    const catalog::Catalog& catalog() const;

    /// Own chain's last entry; nullopt before the first.
    std::optional<catalog::Head> head() const;

    /// True when this host's journal says more than the catalog: it was lost, or is an old copy.
    /// Nothing can be added until it is rebuilt.
    bool needs_rebuild() const;

    /// After a root log change (slots, writers): read it again, keep it in the mirror, refresh the
    /// kit.
    void reload_root_log();

    /// Reads other writers' new entries into the catalog (needs keys). Returns how many.
    std::size_t follow_other_writers(const vault::ReaderKeys& keys);

    /// Throws the catalog away and builds it from the journal. Reports each entry to `progress`.
    void rebuild_catalog(const vault::ReaderKeys& keys,
                         const std::function<void(std::size_t done, std::size_t total)>& progress);

private:
    friend class Intake;
    friend class IndexKeeper;
    friend SearchedShards shard_sources(Ledger& ledger, const vault::ReaderKeys& keys);
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::ledger
