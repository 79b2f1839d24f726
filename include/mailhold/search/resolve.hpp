#pragma once
// From a query's tree to a question to the index: conditions on places are answered by the catalog
// and go in as sets of messages.

#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/index/index.hpp"
#include "mailhold/search/expression.hpp"

namespace mailhold::search {

/// A word, phrase or prefix that the mail found contains, to be marked in it.
struct Sought {
    index::Query leaf;
    Place place;
};

struct Resolved {
    index::Query query;
    std::vector<Sought> words;       ///< without those that are to be absent
    std::vector<std::string> notes;  ///< for the person, one line each
};

/// Conditions on places that are joined by AND, in a group or not, have to be satisfied by one
/// placement; what is negated holds for all placements. Throws QueryError when nothing is left to
/// look for, and what the catalog throws.
Resolved resolve(const Expression& expression, const catalog::Catalog& catalog);

/// `query`, which found nothing, with the words that no message contains replaced by ones like
/// them; nullopt when all are known or nothing is near.
std::optional<std::string> corrected(std::string_view query, const Resolved& resolved,
                                     const index::Index& index);

}  // namespace mailhold::search
