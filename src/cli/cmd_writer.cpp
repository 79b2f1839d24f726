// mailhold writer: the hosts that may add to the vault.

#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/ledger/setup.hpp"
#include "mailhold/vault/owner.hpp"

#include "accounts.hpp"
#include "commands.hpp"
#include "terminal.hpp"
#include "writers.hpp"

namespace mailhold::cli {
namespace {

struct WriterOptions {
    std::string name;
    std::string id;
};

void run_list(Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const vault::RootLog& log = ledger->root_log();
    const auto own = ledger->is_writer() ? std::optional(ledger->kit().writer) : std::nullopt;
    if (session.options.json) {
        Json list = Json::array();
        for (const auto& [id, writer] : log.writers)
            list.push_back(Json::object({{"id", id.hex()},
                                         {"name", writer.name},
                                         {"this_host", own == id},
                                         {"revoked", writer.revoked_after_seq.has_value()}}));
        session.print_json(Json::object({{"writers", std::move(list)}}));
        return;
    }
    using enum Table::Align;
    Table table({{"writer", left}, {"name", left}, {"last entry known here", right}, {"", left}});
    for (const auto& [id, writer] : log.writers) {
        const auto head = ledger->catalog().head(id);
        table.add({{id.hex().substr(0, 12)},
                   {printable(writer.name)},
                   {head ? std::to_string(head->seq) : "none"},
                   {writer.revoked_after_seq ? "revoked"
                    : own == id              ? "this host"
                                             : ""}});
    }
    session.out << table.str();
}

void run_add(const WriterOptions& options, Session& session)
{
    const VaultOpening opening(session);
    const vault::ReaderKeys keys = opening.unlock(session);
    const vault::RootLog log =
        ledger::join_as_writer(session.paths(), keys, name_or_host(options.name));
    session.out << fmt::format(
        "This host may now add to the vault ({}). Next: mailhold account add ADDRESS\n",
        counted(log.writers.size(), "writer"));
}

void run_renew(const WriterOptions& options, Session& session)
{
    const VaultOpening opening(session);
    const vault::ReaderKeys keys = opening.unlock(session);
    ledger::renew_writer(session.paths(), keys, name_or_host(options.name));
    take_over_secrets(session, session.open_ledger(ledger::Ledger::Mode::read)->kit());
    session.out << "This host has a new writer id. Next: mailhold rebuild, then mailhold backup.\n";
}

void run_revoke(const WriterOptions& options, Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    const crypto::WriterId writer = find_writer(ledger->root_log(), options.id);
    if (ledger->is_writer() && writer == ledger->kit().writer)
        throw Error(
            ErrorKind::usage, "this is this host's own writer",
            "revoke it from another host, or give this one a new id with `mailhold writer renew`");
    const vault::ReaderKeys keys = session.unlock_as_owner(*ledger);
    ledger->follow_other_writers(keys);
    const auto head = ledger->catalog().head(writer);
    vault::revoke_writer(ledger->store(), ledger->root_log(), keys, writer, head ? head->seq : 0,
                         head ? head->hash : crypto::Hash{});
    ledger->reload_root_log();
    session.out << fmt::format(
        "Revoked. What it added up to entry {} stays; anything later is listed by `mailhold "
        "check` and never applied.\n",
        head ? head->seq : 0);
}

}  // namespace

void add_writer_command(const Command& app, Session& session)
{
    auto options = std::make_shared<WriterOptions>();
    const Command writer =
        app.add_command("writer", "Hosts that may add to the vault: list, add, renew, revoke");
    writer.needs_a_command();
    writer.footer(help_footer("mailhold writer add --name backup-2",
                              "0 done, 2 usage, 10 no such writer, 12 wrong passphrase"));

    writer.add_command("list", "All writers").runs([&session] { run_list(session); });
    const Command add = writer.add_command("add", "Make this host a writer of the config's vault");
    add.add_option("--name", options->name, "Its name (default: the host's)");
    add.runs([options, &session] { run_add(*options, session); });
    const Command renew = writer.add_command(
        "renew", "A new id for this host, after it was cloned or its state seen by others");
    renew.add_option("--name", options->name, "Its name (default: the host's)");
    renew.runs([options, &session] { run_renew(*options, session); });
    const Command revoke = writer.add_command("revoke", "Let a host add nothing more");
    revoke.add_option("id", options->id, "The writer's id, or the start of it").required();
    revoke.runs([options, &session] { run_revoke(*options, session); });
}

}  // namespace mailhold::cli
