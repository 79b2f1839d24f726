#pragma once
// Our queries as Xapian's.

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <xapian.h>

#include "mailhold/index/terms.hpp"

namespace mailhold::index {

/// More terms of one beginning are not open at once, but read one after the other; at a place of a
/// phrase, pairs of an ideograph are.
inline constexpr std::size_t max_expansion = 2'000;

/// What a database says of words, asked once for all queries made of one question. Throws what
/// Xapian throws.
class Vocabulary {
public:
    /// `database` is borrowed.
    explicit Vocabulary(const Xapian::Database& database) : database_(database) {}

    /// The terms that begin so and have one of these marks behind the word; the first of them when
    /// there are more than `most`.
    const std::vector<std::string>& beginning_with(const std::string& prefix,
                                                   const std::string& marks, std::size_t most);
    bool has(const std::string& term);

private:
    const Xapian::Database& database_;
    std::map<std::tuple<std::string, std::string, std::size_t>, std::vector<std::string>>
        beginning_;
    std::map<std::string, bool> known_;
};

/// For the database of `words` and its parts. Shares nothing with other queries: Xapian counts
/// references without locks, and each thread searches with a query of its own. Throws usage for
/// unknown languages, and what Xapian throws.
Xapian::Query xapian_query(const Query& query, Vocabulary& words, const Languages& languages);

}  // namespace mailhold::index
