#pragma once
// What `status` says of handovers, without unlocking.

#include <ostream>

#include "mailhold/base/json.hpp"
#include "mailhold/catalog/catalog.hpp"

namespace mailhold::cli {

/// Open cases only.
Json handovers_json(const catalog::Catalog& catalog);
/// A line each; nothing where there are none.
void print_handovers(const catalog::Catalog& catalog, std::ostream& out);

}  // namespace mailhold::cli
