#pragma once
// A journal entry's events, translated into what the catalog keeps: for a commit, after a crash and
// in a rebuild alike.

#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/vault/event.hpp"
#include "mailhold/vault/journal.hpp"

namespace mailhold::ledger {

/// Call inside a transaction, once an entry.
void apply(catalog::Catalog& catalog, const crypto::WriterId& writer, const vault::EntryInfo& info,
           const std::vector<vault::Event>& events);

}  // namespace mailhold::ledger
