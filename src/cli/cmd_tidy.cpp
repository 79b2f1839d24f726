// mailhold tidy: what only a reader can do: index what waits, merge shards, remove replaced ones.

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"

#include "commands.hpp"
#include "indexing.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

struct Tidied {
    std::uint64_t indexed = 0;
    std::uint64_t merged = 0;
    std::uint64_t removed = 0;
};

Tidied tidy(ledger::Ledger& ledger, const vault::ReaderKeys& keys,
            const ledger::IndexSettings& settings)
{
    const Deadline never;
    ledger::IndexKeeper keeper(ledger, keys, settings);
    Tidied tidied;
    tidied.indexed = keeper.catch_up(never, [](std::uint64_t messages) {
        log::info("{} indexed", counted(messages, "message"));
    });
    tidied.merged = keeper.merge(never);
    tidied.removed = keeper.sweep();
    return tidied;
}

void print(const Tidied& tidied, const ledger::Searchable& state, std::size_t shards,
           std::ostream& out)
{
    if (tidied.indexed > 0)
        out << fmt::format("{} made searchable.\n", counted(tidied.indexed, "message"));
    if (tidied.merged > 0)
        out << fmt::format("{} of the index merged.\n", counted(tidied.merged, "part"));
    if (tidied.removed > 0)
        out << fmt::format("{} of the index removed that nothing needs any longer.\n",
                           counted(tidied.removed, "old part"));
    out << fmt::format("Searchable: {} of {}; the index is {} in {}.\n",
                       with_thousands(state.messages - state.waiting),
                       counted(state.messages, "message"), human_bytes(state.index_bytes),
                       counted(shards, "part"));
}

void run_tidy(Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    const vault::ReaderKeys keys = session.unlock(*ledger);
    ledger->follow_other_writers(keys);
    const auto settings = session.index_settings();
    if (!settings)
        throw Error(ErrorKind::usage, "this vault's mail is not indexed from here",
                    "take `index = false` out of [search] in the config file");
    const Tidied tidied = tidy(*ledger, keys, *settings);
    const ledger::Searchable state = ledger::searchable(ledger->catalog());
    const std::size_t shards = ledger->catalog().shards().size();
    if (session.options.json)
        session.print_json(Json::object({{"indexed", tidied.indexed},
                                         {"merged", tidied.merged},
                                         {"removed", tidied.removed},
                                         {"messages", state.messages},
                                         {"indexed_messages", state.messages - state.waiting},
                                         {"bytes_index", state.index_bytes},
                                         {"shards", static_cast<std::uint64_t>(shards)}}));
    else
        print(tidied, state, shards, session.out);
    if (!state.is_whole())
        session.exit_code = exit_in_part;
}

}  // namespace

void add_tidy_command(const Command& app, Session& session)
{
    const Command command = app.add_command(
        "tidy", "The search index: add what is missing, merge its parts, remove old ones");
    command.footer(help_footer("mailhold tidy --passphrase-file secret.txt",
                               "0 done, 3 some mail cannot be read, 11 a backup runs, 12 wrong "
                               "passphrase"));
    command.runs([&session] { run_tidy(session); });
}

}  // namespace mailhold::cli
