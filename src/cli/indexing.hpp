#pragma once
// The search index kept in order by commands that can read the vault.

#include <chrono>

#include "mailhold/ledger/index_keeper.hpp"

#include "session.hpp"

namespace mailhold::cli {

/// Budgets: what a person at the terminal does not mind, and what is little beside a long command.
inline constexpr std::chrono::milliseconds after_an_answer{700};
inline constexpr std::chrono::milliseconds after_long_work{20'000};

/// Indexes and merges what will likely fit in `budget`, after the command's answer is out. Quiet:
/// where another mailhold writes, or this host is no writer, it leaves the work to the next one.
void tend_index(Session& session, const vault::ReaderKeys& keys, std::chrono::milliseconds budget);

/// "1,200 of 20,000 messages are not searchable yet", with what to do; empty when all are.
std::string unsearchable_note(const ledger::Searchable& searchable);

}  // namespace mailhold::cli
