#pragma once
// Handovers told to people and programs.

#include <ostream>
#include <vector>

#include "handover_case.hpp"

namespace mailhold::cli {

/// Who takes what over from whom, and with which state it begins.
void print_case(const handover::Case& handover_case, std::ostream& out);
void print_runs(const handover::Case& handover_case, std::ostream& out);
void print_result(const HandoverWork& work, const HandoverResult& result, std::ostream& out);

Json case_json(const handover::Case& handover_case, const catalog::Catalog& catalog);
Json result_json(const HandoverWork& work, const HandoverResult& result);

/// "open, 12 messages wait", "closed on …".
std::string state_of(const handover::Case& handover_case, const catalog::Catalog& catalog);

/// What a receipt says and what that proves.
void print_receipt(const handover::CheckedReceipt& checked, bool is_in_journal, std::ostream& out);
Json receipt_json(const handover::CheckedReceipt& checked, bool is_in_journal);

}  // namespace mailhold::cli
