#pragma once
// Which letters go to which successor.

#include <vector>

#include "mailhold/handover/successor.hpp"
#include "mailhold/index/index.hpp"
#include "mailhold/search/customers.hpp"

namespace mailhold::handover {

/// One set of messages each successor, in their order. A letter belongs to every successor with the
/// domain of somebody outside who wrote or got it; one without such people to those of its
/// conversation; and what is left to the successor without domains. `index` is not asked.
std::vector<index::IdSet> divided(const std::vector<index::Hit>& cards,
                                  const std::vector<Successor>& successors,
                                  const search::Company& company, const index::Index& index);

}  // namespace mailhold::handover
