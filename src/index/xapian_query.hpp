#pragma once
// Our queries as Xapian's.

#include <map>
#include <string>
#include <vector>

#include <xapian.h>

#include "mailhold/index/terms.hpp"

namespace mailhold::index {

/// A prefix stands for at most this many terms, the most frequent ones…
inline constexpr std::size_t max_expansion = 2'000;
/// … of at most this many that are looked at, in alphabetic order.
inline constexpr std::size_t max_looked_at = 200'000;

/// What a database says of words, asked once for all queries made of one question. Throws what
/// Xapian throws.
class Vocabulary {
public:
    /// `database` is borrowed.
    explicit Vocabulary(const Xapian::Database& database) : database_(database) {}

    /// The terms with this prefix and one of these marks behind the word, max_expansion of them.
    const std::vector<std::string>& with_prefix(const std::string& prefix,
                                                const std::string& marks);
    /// The ideograph and the pairs that begin with it, all of them.
    /// `ideograph` is no prefix that with_prefix() is asked for.
    const std::vector<std::string>& with_ideograph(const std::string& ideograph,
                                                   const std::string& marks);
    bool has(const std::string& term);

private:
    struct Known {
        Xapian::doccount frequency = 0;
        std::string term;
    };

    const std::vector<Known>& beginning_with(const std::string& prefix);

    const std::vector<std::string>& chosen(const std::string& prefix, const std::string& marks,
                                           std::size_t most);

    const Xapian::Database& database_;
    std::map<std::string, std::vector<Known>> expanded_;
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> chosen_;
    std::map<std::string, bool> known_;
};

/// For the database of `words` and its parts. Shares nothing with other queries: Xapian counts
/// references without locks, and each thread searches with a query of its own. Throws usage for
/// unknown languages, and what Xapian throws.
Xapian::Query xapian_query(const Query& query, Vocabulary& words, const Languages& languages);

}  // namespace mailhold::index
