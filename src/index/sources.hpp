#pragma once
// Parts of a Xapian query that are ours: they stand in its tree and are asked document by document.

#include <memory>
#include <string>
#include <vector>

#include <xapian.h>

#include "mailhold/index/query.hpp"

namespace mailhold::index {

/// Documents whose message is one of `ids`.
Xapian::Query among_query(std::shared_ptr<const IdSet> ids);

/// Documents with a term that begins with `prefix` and has one of `marks` behind it. For more terms
/// than can be open at once; says nothing of how well a document matches.
Xapian::Query prefix_query(const std::string& prefix, const std::string& marks);

/// Of a place, any of its terms may stand there.
using PhrasePlaces = std::vector<std::vector<std::string>>;

/// Documents with a term of each place, one behind the other.
Xapian::Query phrase_query(const PhrasePlaces& places);

}  // namespace mailhold::index
