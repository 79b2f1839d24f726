#pragma once
// The search index kept in order by commands that can read the vault.

#include "mailhold/ledger/index_keeper.hpp"

#include "session.hpp"

namespace mailhold::cli {

/// Indexes and merges what will likely fit into less than a second, after the command's answer is
/// out; `catalog` tells whether there is anything to do. Throws no Error: the answer stands. Quiet
/// where another mailhold writes or this host is no writer, the work is left to the next one; a
/// warning for anything graver.
void tend_index(Session& session, const catalog::Catalog& catalog, const vault::ReaderKeys& keys);

/// "1,200 of 20,000 messages are not searchable yet", with what to do; empty when all are.
std::string unsearchable_note(const ledger::Searchable& searchable);

}  // namespace mailhold::cli
