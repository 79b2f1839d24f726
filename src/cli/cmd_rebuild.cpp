// mailhold rebuild: the catalog anew from the journal, and what is missing in the index.

#include <fmt/format.h>

#include "commands.hpp"
#include "indexing.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

/// Returns how many messages it made searchable.
std::uint64_t rebuild_index(ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                            const std::optional<ledger::IndexSettings>& settings)
{
    if (!settings || !ledger.is_writer())
        return 0;
    ledger::IndexKeeper keeper(ledger, keys, *settings);
    keeper.forget_unreadable();
    return keeper.catch_up(Deadline());
}

void run_rebuild(Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    const vault::ReaderKeys keys = session.unlock(*ledger);
    std::size_t entries = 0;
    ledger->rebuild_catalog(keys, [&](std::size_t, std::size_t total) { entries = total; });
    const std::uint64_t indexed = rebuild_index(*ledger, keys, session.index_settings());
    const catalog::Totals totals = ledger->catalog().totals();
    if (session.options.json) {
        session.print_json(Json::object({{"entries", static_cast<std::uint64_t>(entries)},
                                         {"messages", totals.messages},
                                         {"placements", totals.placements},
                                         {"indexed", indexed}}));
        return;
    }
    session.out << fmt::format(
        "Catalog rebuilt from {}: {} in {}.\n",
        entries == 1 ? "1 journal entry" : with_thousands(entries) + " journal entries",
        counted(totals.messages, "message"), counted(totals.placements, "placement"));
    if (indexed > 0)
        session.out << fmt::format("{} made searchable that were not.\n",
                                   counted(indexed, "message"));
}

}  // namespace

void add_rebuild_command(const Command& app, Session& session)
{
    const Command command =
        app.add_command("rebuild", "Build the catalog anew from the journal, and mend the index");
    command.footer(help_footer("mailhold rebuild --passphrase-file secret.txt",
                               "0 done, 3 damage in the journal (the sound part is used), 4 "
                               "tampering, 12 wrong passphrase"));
    command.runs([&session] { run_rebuild(session); });
}

}  // namespace mailhold::cli
