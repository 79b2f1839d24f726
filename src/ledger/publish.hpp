#pragma once
// The commit point: a journal entry into the outbox, into the store, into the catalog, in this
// order (docs/format.md, Order of writes).

#include <utility>
#include <vector>

#include "core.hpp"

namespace mailhold::ledger {

using Cursors = std::vector<std::pair<FolderId, catalog::FolderCursor>>;

/// What an entry says, for the catalog.
struct EntryContent {
    vault::EntryInfo info;
    std::vector<vault::Event> events;
    Cursors cursors;
};

/// Seals, publishes and applies the next entry of the own chain; `draft` holds the same events as
/// `content`. When it throws after the outbox is written, settle_outbox() completes it.
catalog::Head publish_entry(Core& core, const vault::EntryDraft& draft,
                            const EntryContent& content);

/// Completes a commit that was interrupted after its outbox was written. True when there was one.
bool settle_outbox(Core& core);

}  // namespace mailhold::ledger
