#pragma once
// Receipts as JSON (docs/format.md, Receipts).

#include "mailhold/base/json.hpp"
#include "mailhold/handover/receipt.hpp"

namespace mailhold::handover {

/// Members in the order of the format: the same receipt is the same bytes.
Json receipt_json(const Receipt& receipt);
/// Throws malformed, too_new.
Receipt receipt_from_json(const Json& json);

}  // namespace mailhold::handover
