#pragma once
// A writer's own copy of the root log, the slots and its journal, so that a store that lost them is
// healed (docs/format.md, Rollback and fork).

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "mailhold/objects/store.hpp"

namespace mailhold::vault {

/// How closely heal() looks at what the store still has.
enum class HealDepth {
    lengths,  ///< one listing of each folder, nothing is read
    bytes,    ///< everything mirrored is read and hashed
};

/// state/mirror: the same names as in the store. Not for sharing by threads.
class Mirror {
public:
    explicit Mirror(const std::filesystem::path& folder);

    /// Durable when it returns.
    void keep(const std::string& name, Bytes bytes);

    /// Copies root log and slots that the mirror lacks from the store, after checking them, and
    /// drops slots that the log has removed. Throws what read_root_log throws.
    void follow(const objects::Store& store);

    /// Publishes again what the store lost or holds damaged, and follows it; returns the names,
    /// which the caller must report (ROLLBACK, healed). Costs one listing of each folder when
    /// nothing is missing.
    std::vector<std::string> heal(objects::Store& store, HealDepth depth = HealDepth::lengths);

    /// The copies themselves: where the root log and slots can be read when the store's are
    /// damaged.
    const objects::Store& copies() const noexcept { return *copies_; }

private:
    std::unique_ptr<objects::Store> copies_;
};

}  // namespace mailhold::vault
