// Reading queries and opening the index.

#include "finding.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>

#include "mailhold/base/log.hpp"
#include "mailhold/ledger/index_keeper.hpp"

#include "terminal.hpp"

namespace mailhold::cli {
namespace {

/// The query on one line and ^^^ under `place`; wide characters count for two.
std::string pointed_at(const std::string& query, search::Place place)
{
    std::string line = query;
    std::ranges::replace_if(
        line, [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
    const std::string before = printable(std::string_view(line).substr(0, place.begin));
    const std::string there =
        printable(std::string_view(line).substr(place.begin, place.end - place.begin));
    const std::string marks(std::max<std::size_t>(columns_of(there), 1), '^');
    return fmt::format("  {}\n  {}{}\n", printable(line), std::string(columns_of(before), ' '),
                       marks);
}

}  // namespace

Question read_question(const std::vector<std::string>& arguments)
{
    Question question{search::query_of(arguments), {}};
    try {
        question.parsed = search::parse(question.text, now());
    } catch (const search::QueryError& e) {
        std::cerr << pointed_at(question.text, e.place());
        throw;
    }
    for (const std::string& note : question.parsed.notes)
        log::info("note: {}", note);
    return question;
}

search::Resolved resolve_question(const Question& question, const catalog::Catalog& catalog)
{
    try {
        search::Resolved resolved = search::resolve(question.parsed.expression, catalog);
        for (const std::string& note : resolved.notes)
            log::info("note: {}", note);
        return resolved;
    } catch (const search::QueryError& e) {
        std::cerr << pointed_at(question.text, e.place());
        throw;
    }
}

index::Index open_index(Session& session, ledger::Ledger& ledger, const vault::ReaderKeys& keys)
{
    ledger::SearchedShards shards = ledger::shard_sources(ledger, keys);
    return index::Index(std::move(shards.sources), session.config().search.languages,
                        shards.repeats);
}

Finding::Finding(Session& session)
    : ledger_(session.open_ledger(ledger::Ledger::Mode::read)), keys_(session.unlock(*ledger_)),
      started_(std::chrono::steady_clock::now()), languages_(session.config().search.languages),
      index_(open_index(session, *ledger_, keys_))
{
}

double Finding::seconds() const
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

void Finding::tell_costs() const
{
    const index::ReadCounts counts = index_.counts();
    log::debug("searched {} in {:.0f} ms: read {} of an index of {}",
               counted(counts.shards, "shard"), seconds() * 1'000, human_bytes(counts.read_bytes),
               human_bytes(counts.index_bytes));
}

}  // namespace mailhold::cli
