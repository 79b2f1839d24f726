#pragma once
// The query language (docs/search.md): what a person typed, as a tree.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/index/query.hpp"

namespace mailhold::search {

/// Bytes [begin, end) of the query's text.
struct Place {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Something wrong in the query itself; of kind usage.
class QueryError : public Error {
public:
    QueryError(Place at, std::string message, std::string hint)
        : Error(ErrorKind::usage, std::move(message), std::move(hint)), place_(at)
    {
    }
    Place place() const noexcept { return place_; }

private:
    Place place_;
};

inline constexpr std::int64_t no_start = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();
inline constexpr std::size_t max_query_bytes = 16'384;
inline constexpr int max_query_depth = 64;  ///< parentheses and negations within each other

struct Expression {
    enum class Kind : std::uint8_t {
        everything,  ///< *
        word,        ///< as typed
        phrase,      ///< from quotes; also of one word
        prefix,      ///< word*
        message_id,
        content_id,  ///< lower-case hex digits, at least 6
        has_attachment,
        dated,    ///< from <= Date < until, seconds since 1970; no_start, no_end
        sized,    ///< from <= raw bytes < until
        account,  ///< the next five concern a place where a message lies or lay
        folder,
        role,
        flag,  ///< lower-case, without the backslash of system flags
        unread,
        gone,  ///< no server has it any more
        all_of,
        any_of,
        none_of,  ///< of its only part
    };

    Kind kind = Kind::everything;
    std::optional<index::Field> field;  ///< of word, phrase and prefix
    std::string text;
    std::int64_t from = no_start;
    std::int64_t until = no_end;
    std::vector<Expression> parts;
    Place place;

    /// The same question, wherever it stands in its text.
    bool operator==(const Expression& other) const;
};

struct Parsed {
    Expression expression;
    std::vector<std::string> notes;  ///< what may be meant otherwise; for the person, one line each
};

/// Reads a query; days and months are this machine's zone's, "7d" and "yesterday" count from `now`.
/// Throws QueryError for whatever it does not understand: nothing is left out silently.
Parsed parse(std::string_view query, Time now);

/// The query that reads as this tree.
std::string print(const Expression& expression);

/// One query of a command line's arguments: one that has spaces, such as `folder:Sent Items` once
/// the shell took the quotes away, is quoted again when there are several.
std::string query_of(const std::vector<std::string>& arguments);

}  // namespace mailhold::search
