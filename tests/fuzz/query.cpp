// Queries: understood or refused with a place and a hint; what is understood prints as itself.

#include "mailhold/search/expression.hpp"

#include "lexer.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

constexpr Time noon{1'773'057'600};

}  // namespace

void try_one(Bytes input)
{
    const std::string_view query = text_of(input);
    try {
        const search::Expression parsed = search::parse(query, noon).expression;
        const std::string printed = search::print(parsed);
        require(search::parse(printed, noon).expression == parsed, "a query prints as itself");
    } catch (const search::QueryError& e) {
        require(e.place().begin <= e.place().end && e.place().end <= query.size(),
                "what is wrong stands in the query");
        require(!e.hint().empty(), "there is a hint");
    }
    search::query_of({std::string(query), std::string(query)});
}

}  // namespace mailhold::fuzz
