// mailhold rebuild: the catalog anew from the journal.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

void run_rebuild(Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    const vault::ReaderKeys keys = session.unlock(*ledger);
    std::size_t entries = 0;
    ledger->rebuild_catalog(keys, [&](std::size_t, std::size_t total) { entries = total; });
    const catalog::Totals totals = ledger->catalog().totals();
    if (session.options.json) {
        session.print_json(Json::object({{"entries", static_cast<std::uint64_t>(entries)},
                                         {"messages", totals.messages},
                                         {"placements", totals.placements}}));
        return;
    }
    session.out << fmt::format(
        "Catalog rebuilt from {}: {} in {}.\n",
        entries == 1 ? "1 journal entry" : with_thousands(entries) + " journal entries",
        counted(totals.messages, "message"), counted(totals.placements, "placement"));
}

}  // namespace

void add_rebuild_command(CLI::App& app, Session& session)
{
    CLI::App* command = app.add_subcommand("rebuild", "Build the catalog anew from the journal");
    command->footer(help_footer("mailhold rebuild --passphrase-file secret.txt",
                                "0 done, 3 damage in the journal (the sound part is used), 4 "
                                "tampering, 12 wrong passphrase"));
    command->callback([&session] { run_rebuild(session); });
}

}  // namespace mailhold::cli
