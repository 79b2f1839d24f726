#pragma once
// The steps of opening a ledger, in their order.

#include "core.hpp"

namespace mailhold::ledger {

/// Catalog, kit and mirror from the state folder; a broken catalog is set aside in write mode.
void open_state(Core& core, Ledger::Mode mode);

/// The root log, against the pinned root and the highest entry seen. In write mode the mirror heals
/// it first; in read mode a rollback is reported and a damaged one read from the mirror.
void open_root_log(Core& core, Ledger::Mode mode);

/// Writers: settles the outbox, then compares the own chain in the store with the local head.
/// Throws tampered for a FORK and for a rollback that could not be healed.
void settle_own_chain(Core& core);

/// Notes the heads of the other chains; reports those that went back.
void look_at_other_chains(Core& core, Ledger::Mode mode);

/// Removes objects that this writer never committed.
void sweep_orphans(Core& core);

/// Forgets what lies in archives that are missing or have another length.
void find_lost_archives(Core& core);

/// Searches no longer in shards that are missing or have another length.
void find_lost_shards(Core& core);

/// Before entries are added: settles and sweeps what failed in this same process. Throws damaged
/// when the catalog must be rebuilt first.
Core& ready_for_commits(Core& core);

}  // namespace mailhold::ledger
