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

/// The accounts, roles and folders that a condition names, and which of them there are.
class NamesAsked {
public:
    /// `condition` outlives it.
    explicit NamesAsked(const Expression& condition);

    /// To be called with every folder.
    void meet(const catalog::AccountRow& account, const catalog::FolderRow& folder);
    /// One line for each that no account or folder has.
    std::vector<std::string> unknown(const catalog::Catalog& catalog) const;

private:
    std::vector<const Expression*> unmet_;
};

}  // namespace mailhold::search
