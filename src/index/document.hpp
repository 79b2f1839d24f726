#pragma once
// An entry as a Xapian document: terms, values, data.

#include <xapian.h>

#include "mailhold/index/shard.hpp"
#include "places.hpp"

namespace mailhold::index {

/// Never without id, date and size: when the terms of a message cannot all be made, the first ones
/// are there. Its places come into `places`.
Xapian::Document document_of(const Entry& entry, TermMaker& terms, PlaceLists& places);

}  // namespace mailhold::index
