#pragma once
// Results of a search for people and for programs.

#include <optional>
#include <string>
#include <vector>

#include "mailhold/search/conversation.hpp"
#include "mailhold/search/excerpt.hpp"
#include "mailhold/search/place_names.hpp"

#include "finding.hpp"

namespace mailhold::cli {

/// A message found, with all that its lines show.
struct Result {
    index::Hit hit;
    std::vector<search::NamedPlacement> places;
    search::Excerpt snippet;
    bool is_found = true;  ///< false: of the same conversation only
};

struct ResultPage {
    std::uint64_t total = 0;
    std::size_t first = 0;  ///< results before this page
    std::vector<Result> results;
    std::vector<std::vector<Result>> conversations;  ///< instead of `results`, with --threads
    bool conversations_are_whole = true;
    std::optional<std::string> suggestion;  ///< a query that may have been meant
};

/// Fills in places and snippets. Messages are opened only where the index does not hold the text
/// that was found, and only while that takes no time that a person notices.
class ResultMaker {
public:
    ResultMaker(Finding& finding, const search::Resolved& resolved, std::size_t snippet_columns);

    Result make(index::Hit hit);

private:
    search::Excerpt snippet_of(const index::Hit& hit);
    bool looks_into_bodies() const;

    Finding& finding_;
    const search::Resolved& resolved_;
    std::size_t columns_;
    search::PlaceNames names_;
    std::optional<ledger::Library> library_;
};

/// Columns of the terminal on stdout; 120 where it is none.
std::size_t output_columns();

void print_results(const ResultPage& page, Finding& finding, const search::Resolved& resolved,
                   std::ostream& out);
Json results_json(const ResultPage& page);

}  // namespace mailhold::cli
