#pragma once
// Quotations, price lists and proforma invoices that the leaver sent to people outside.

#include <cstdint>
#include <string_view>
#include <vector>

#include "mailhold/handover/dossier.hpp"

namespace mailhold::handover {

/// Those dated `since` (seconds since 1970) or later, the latest first.
std::vector<SentOffer> offers_in(const std::vector<index::Hit>& cards, std::string_view leaver,
                                 const search::Company& company, std::int64_t since);

}  // namespace mailhold::handover
