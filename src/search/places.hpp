#pragma once
// Conditions on the place where a message lies: account, folder, role, flags.

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/search/expression.hpp"

namespace mailhold::search {

/// True for a condition that one placement can satisfy on its own; also for those that AND and OR
/// join.
bool is_place_condition(const Expression& expression);

/// `condition` is a place condition. Without flags: could it be satisfied with some?
bool satisfies(const Expression& condition, const catalog::AccountRow& account,
               const catalog::FolderRow& folder, const Flags* flags);

/// One line for each name in `condition` that no account or folder has.
std::vector<std::string> unknown_names(const Expression& condition,
                                       const catalog::Catalog& catalog);

}  // namespace mailhold::search
