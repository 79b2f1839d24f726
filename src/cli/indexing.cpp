// A little indexing and merging behind an answer.

#include "indexing.hpp"

#include <chrono>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"

#include "terminal.hpp"

namespace mailhold::cli {

namespace {

/// What a person at the terminal does not mind.
constexpr std::chrono::milliseconds budget{700};

bool may_be_left_for_later(ErrorKind kind)
{
    return kind == ErrorKind::locked || kind == ErrorKind::storage ||
           kind == ErrorKind::not_found || kind == ErrorKind::refused ||
           kind == ErrorKind::store_unavailable;
}

void tend(Session& session, const vault::ReaderKeys& keys, const ledger::IndexSettings& settings,
          const Deadline& deadline)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    if (!ledger->is_writer() || ledger->needs_rebuild())
        return;
    ledger::IndexKeeper keeper(*ledger, keys, settings);
    keeper.catch_up(deadline);
    keeper.merge(deadline);
}

}  // namespace

void tend_index(Session& session, const catalog::Catalog& catalog, const vault::ReaderKeys& keys)
{
    session.out.flush();
    const auto settings = session.index_settings();
    if (!settings || !ledger::index_needs_care(catalog, *settings))
        return;
    try {
        tend(session, keys, *settings, Deadline(budget));
    } catch (const Error& e) {
        // The answer is out, and right: what is wrong here must be told, and is not its failure.
        if (may_be_left_for_later(e.kind()))
            log::debug("the search index is left as it is: {}", e.what());
        else
            log::warning("the search index is left as it is: {}", e.what());
    }
}

std::string unsearchable_note(const ledger::Searchable& searchable)
{
    if (searchable.is_whole())
        return {};
    return fmt::format("{} of {} are not searchable yet: run `mailhold tidy`",
                       with_thousands(searchable.waiting), counted(searchable.messages, "message"));
}

}  // namespace mailhold::cli
