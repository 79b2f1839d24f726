#pragma once
// From the names that folders have in an account to where they go.

#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/restore/restore.hpp"

namespace mailhold::restore {

using Levels = std::vector<std::string>;

/// With '/' between them, for people.
std::string joined(const Levels& levels);

/// Thread-safe after construction.
class FolderNames {
public:
    /// Throws usage for a prefix or new name without a level, not_found for an old name that fits
    /// none of `folders`.
    FolderNames(const std::vector<catalog::FolderRow>& folders, const Naming& naming);

    deliver::UploadFolder target_of(const catalog::FolderRow& folder) const;
    /// Of the folder itself, without what its server puts above all folders.
    Levels levels_of(const catalog::FolderRow& folder) const;

private:
    struct Renamed {
        Levels from;
        Levels to;
    };
    const Renamed* renamed(const Levels& levels) const;

    bool all_below_inbox_ = false;
    Levels prefix_;
    std::vector<Renamed> renamed_;  ///< longest first
};

}  // namespace mailhold::restore
