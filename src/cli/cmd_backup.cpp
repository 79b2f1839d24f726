// mailhold backup: the nightly run.

#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"

#include "accounts.hpp"
#include "commands.hpp"
#include "progress_display.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

struct BackupOptions {
    std::vector<std::string> addresses;
    std::string role;
};

Json error_json(const std::optional<harvest::AccountFailure>& error)
{
    if (!error)
        return {};
    return Json::object(
        {{"class", error->failure_class}, {"text", error->text}, {"hint", error->hint}});
}

Json account_json(const harvest::AccountReport& account)
{
    Json failed = Json::array();
    for (const harvest::FailedMessage& message : account.failed)
        failed.push_back(Json::object({{"folder", message.folder},
                                       {"uid", static_cast<std::uint32_t>(message.uid)},
                                       {"why", message.why}}));
    Json warnings = Json::array();
    for (const std::string& warning : account.warnings)
        warnings.push_back(warning);
    Json purges = Json::array();
    for (const harvest::Purge& purge : account.purges)
        purges.push_back(
            Json::object({{"folder", purge.folder}, {"count", purge.count}, {"of", purge.of}}));
    return Json::object({{"address", account.address},
                         {"ok", account.ok},
                         {"new", account.tally.new_messages},
                         {"known", account.tally.known_messages},
                         {"gone", account.tally.gone},
                         {"flags", account.tally.flags},
                         {"failed", std::move(failed)},
                         {"server_messages", account.server_messages},
                         {"archived_messages", account.archived_messages},
                         {"bytes", account.tally.raw_bytes},
                         {"seconds", account.seconds},
                         {"error", error_json(account.error)},
                         {"warnings", std::move(warnings)},
                         {"purges", std::move(purges)}});
}

Json report_json(const harvest::RunReport& report, const vault::WriterKit& kit)
{
    Json accounts = Json::array();
    for (const harvest::AccountReport& account : report.accounts)
        accounts.push_back(account_json(account));
    return Json::object({{"accounts", std::move(accounts)},
                         {"head", Json::object({{"writer", kit.writer.hex()},
                                                {"seq", report.head.seq},
                                                {"hash", report.head.hash.hex()}})},
                         {"unread_documents", report.index_trouble.unread_documents},
                         {"interrupted", report.interrupted}});
}

Table::Cell outcome_cell(const harvest::AccountReport& account)
{
    if (account.error)
        return {account.error->failure_class + ": " + account.error->text, Style::bad};
    if (!account.purges.empty())
        return {"PURGE: much mail vanished", Style::bad};
    if (!account.failed.empty())
        return {counted(account.failed.size(), "message") + " could not be fetched",
                Style::warning};
    return {"complete", Style::good};
}

void print_table(const harvest::RunReport& report, std::ostream& out)
{
    using enum Table::Align;
    Table table({{"account", left},
                 {"new", right},
                 {"known", right},
                 {"gone", right},
                 {"flags", right},
                 {"server", right},
                 {"archived", right},
                 {"fetched", right},
                 {"time", right},
                 {"outcome", left}});
    for (const harvest::AccountReport& account : report.accounts)
        table.add({{printable(account.address)},
                   {with_thousands(account.tally.new_messages)},
                   {with_thousands(account.tally.known_messages)},
                   {with_thousands(account.tally.gone)},
                   {with_thousands(account.tally.flags)},
                   {with_thousands(account.server_messages)},
                   {with_thousands(account.archived_messages)},
                   {human_bytes(account.tally.raw_bytes)},
                   {human_seconds(account.seconds)},
                   outcome_cell(account)});
    out << table.str();
}

void print_troubles(const harvest::AccountReport& account, std::ostream& out)
{
    for (const harvest::Purge& purge : account.purges)
        out << styled(
                   fmt::format(
                       "PURGE: {}: {} of {} messages vanished from folder '{}' since the last run",
                       printable(account.address), with_thousands(purge.count),
                       with_thousands(purge.of), printable(purge.folder)),
                   Style::bad)
            << "\n  All of them are kept here. If nobody meant to clean up, `mailhold restore "
               "--as-of` a "
               "time before puts them back; of somebody who leaves, `mailhold handover` hands them "
               "over.\n";
    if (account.error && !account.error->hint.empty())
        out << fmt::format("{}: {}\n  hint: {}\n", printable(account.address), account.error->text,
                           account.error->hint);
    constexpr std::size_t shown = 10;
    for (std::size_t i = 0; i < std::min(shown, account.failed.size()); ++i)
        out << fmt::format("{}: folder '{}', UID {}: {}; tried again next time\n",
                           printable(account.address), printable(account.failed[i].folder),
                           static_cast<std::uint32_t>(account.failed[i].uid),
                           account.failed[i].why);
    if (account.failed.size() > shown)
        out << fmt::format("{}: and {} more\n", printable(account.address),
                           account.failed.size() - shown);
    for (const std::string& warning : account.warnings)
        out << fmt::format("{}: {}\n", printable(account.address), printable(warning));
}

void print_unread(const ledger::IndexTrouble& trouble, std::ostream& out)
{
    if (trouble.unread_documents > 0)
        out << fmt::format("The text of {} could not be read ({}): they are in the vault, and "
                           "search finds them by name only.\n",
                           counted(trouble.unread_documents, "attachment"),
                           printable(trouble.first_reason));
}

void print_report(const harvest::RunReport& report, const vault::WriterKit& kit, Session& session)
{
    std::ostream& out = session.out;
    const bool all_well = report.ok();
    if (!session.options.quiet || !all_well)
        print_table(report, out);
    std::uint64_t server = 0;
    std::uint64_t archived = 0;
    for (const harvest::AccountReport& account : report.accounts) {
        print_troubles(account, out);
        server += account.server_messages;
        archived += account.archived_messages;
    }
    if (session.options.quiet)
        return;
    print_unread(report.index_trouble, out);
    out << '\n';
    if (all_well && server == archived)
        out << styled(fmt::format("All well: all {} on the servers are in the vault.",
                                  counted(server, "message")),
                      Style::good)
            << '\n';
    else if (report.interrupted)
        out << "Stopped early; what was complete is committed, and the next run goes on from "
               "here.\n";
    else
        out << styled(fmt::format(
                          "Not all well: {} on the servers that answered, {} of them in the vault.",
                          counted(server, "message"), with_thousands(archived)),
                      Style::warning)
            << '\n';
    out << fmt::format("Journal head: writer {} entry {} {}\n", kit.writer.hex().substr(0, 8),
                       report.head.seq, report.head.hash.hex().substr(0, 16));
}

harvest::Options options_of(Session& session)
{
    harvest::Options options = harvest_options(session.config());
    options.intake.index = session.index_settings();
    return options;
}

void run_backup(const BackupOptions& options, Session& session)
{
    const config::Config& config = session.config();
    const auto accounts = choose_accounts(config, options.addresses, options.role);
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    const credentials::SecretStore secrets = open_secret_store(session, ledger->kit());
    std::vector<harvest::AccountPlan> plans;
    for (const config::Account* account : accounts)
        plans.push_back(plan_for(*account, secrets, config));

    harvest::RunReport report;
    {
        ProgressDisplay progress(session.options.quiet);
        report = harvest::run(*ledger, plans, options_of(session), progress, session.stop());
    }
    if (session.options.json)
        session.print_json(report_json(report, ledger->kit()));
    else
        print_report(report, ledger->kit(), session);
    for (const std::string& warning : ledger->store().warnings())
        log::warning("{}", warning);
    if (!report.ok())
        session.exit_code = exit_in_part;
}

}  // namespace

void add_backup_command(const Command& app, Session& session)
{
    auto options = std::make_shared<BackupOptions>();
    const Command command =
        app.add_command("backup", "Fetch everything new from all accounts (the nightly run)");
    command.add_option("address", options->addresses, "Only these accounts");
    command.add_option("--role", options->role, "Only accounts of this role");
    command.footer(help_footer(
        "mailhold backup",
        "0 all complete, 2 usage, 3 an account or message failed (the rest is in), 4 the vault "
        "was tampered with, 11 another backup runs, 30 the vault cannot be written"));
    command.runs([options, &session] { run_backup(*options, session); });
}

}  // namespace mailhold::cli
