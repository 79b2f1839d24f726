#pragma once
// The mail of a case: which messages, to whom, and what the index knows of them.

#include <cstdint>
#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/handover/case.hpp"
#include "mailhold/index/index.hpp"
#include "mailhold/restore/restore.hpp"
#include "mailhold/search/customers.hpp"

namespace mailhold::handover {

struct Selection {
    std::vector<restore::Plan> plans = {};  ///< one each successor, in their order
    std::vector<index::Hit> cards = {};     ///< of all messages in them, without openings
    std::vector<index::IdSet> shares = {};  ///< messages of each plan
    std::uint64_t excluded = 0;             ///< messages that are private
    std::uint64_t unsearchable = 0;         ///< messages in plans that have no card yet
};

/// Throws not_found for folders that the account never had, search::QueryError for the exclusion,
/// refused when messages have to be told apart and some are not in the index yet.
Selection select(const Case& handover_case, const catalog::AccountRow& leaver,
                 const catalog::Catalog& catalog, const index::Index& index);

/// The name in the latest letters that `address` wrote; empty when there is none.
std::string name_of(const index::Index& index, const std::string& address);

/// The folder for a leaver's mail: "Handover/NAME", with what would part levels taken out.
std::string usual_prefix(const std::string& name_or_address);

}  // namespace mailhold::handover
