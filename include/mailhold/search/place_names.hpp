#pragma once
// Where messages lie, in the names people know.

#include <map>
#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"

namespace mailhold::search {

struct NamedPlacement {
    std::string account;  ///< its address
    std::string folder;
    Flags flags;
    std::optional<Time> gone_since;
};

/// Asks for all folders once, so that many messages cost one question each.
class PlaceNames {
public:
    explicit PlaceNames(const catalog::Catalog& catalog);

    /// Those on a server first.
    std::vector<NamedPlacement> of(const crypto::ContentId& id) const;

private:
    const catalog::Catalog& catalog_;
    std::map<catalog::FolderKey, std::pair<std::string, std::string>> names_;
};

}  // namespace mailhold::search
