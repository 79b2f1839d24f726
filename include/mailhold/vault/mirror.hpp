#pragma once
// A writer's own copy of the root log, the slots and its journal, so that a store that lost them is
// healed (docs/format.md, Rollback and fork).

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "mailhold/objects/store.hpp"

namespace mailhold::vault {

/// state/mirror: the same names as in the store. Thread rules as the store's.
class Mirror {
public:
    explicit Mirror(const std::filesystem::path& folder);

    /// Durable when it returns.
    void keep(const std::string& name, Bytes bytes);

    /// Copies root log and slots that the mirror lacks from the store.
    void follow(const objects::Store& store);

    /// Publishes again what the store lost or holds damaged; returns the names, which the caller
    /// must report (ROLLBACK, healed). Costs one listing of each folder and no reading when nothing
    /// is missing.
    std::vector<std::string> heal(objects::Store& store) const;

private:
    std::unique_ptr<objects::Store> copies_;
};

}  // namespace mailhold::vault
