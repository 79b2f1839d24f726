#pragma once
// Our queries as Xapian's.

#include <xapian.h>

#include "mailhold/index/terms.hpp"

namespace mailhold::index {

/// A prefix stands for at most this many terms, the most frequent ones…
inline constexpr std::size_t max_expansion = 2'000;
/// … of at most this many that are looked at, in alphabetic order.
inline constexpr std::size_t max_looked_at = 200'000;

/// For `database` only: prefixes are expanded from it. Throws usage for unknown languages, and what
/// Xapian throws.
Xapian::Query xapian_query(const Query& query, const Xapian::Database& database,
                           const Languages& languages);

}  // namespace mailhold::index
