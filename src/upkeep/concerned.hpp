#pragma once
// Whose mail a damaged object concerns, and what of it survives elsewhere.

#include <map>
#include <set>
#include <string>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/upkeep/check.hpp"

namespace mailhold::upkeep {

/// Reads the catalog only. Not for sharing by threads.
class Concerned {
public:
    explicit Concerned(const catalog::Catalog& catalog);

    /// Adds the messages of `object` and their accounts to `finding`. `bad_objects` hold no
    /// surviving copies.
    void add_object(Finding& finding, const crypto::Hash& object,
                    const std::set<crypto::Hash>& bad_objects);
    /// The same for messages that were tried, and could be read from no copy.
    void add_lost(Finding& finding, const std::vector<crypto::ContentId>& messages);
    /// Messages that are concerned and can still be read.
    void add_readable(Finding& finding, const std::vector<crypto::ContentId>& messages);
    /// All accounts of one writer; for a journal entry whose content nobody knows.
    void add_accounts_of(Finding& finding, const crypto::WriterId& writer);

private:
    void add_accounts(Finding& finding, const crypto::ContentId& id) const;
    bool survives(const crypto::ContentId& id, const std::set<crypto::Hash>& bad_objects) const;

    const catalog::Catalog& catalog_;
    std::map<catalog::FolderKey, std::string> address_of_;
};

}  // namespace mailhold::upkeep
