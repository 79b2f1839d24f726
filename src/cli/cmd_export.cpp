// mailhold export: original bytes out of the vault.

#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/deliver/destination.hpp"
#include "mailhold/import_export/export.hpp"

#include "commands.hpp"
#include "finding.hpp"
#include "indexing.hpp"
#include "lookup.hpp"
#include "progress_display.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

struct ExportCommandOptions {
    std::string account;
    std::string query;
    std::vector<std::string> ids;
    std::filesystem::path to;
    std::string format = "maildir";
    std::string as_of;
    bool include_gone = false;
    std::vector<std::string> folders;
    bool with_index = false;
};

Json report_json(const import_export::ExportReport& report, double seconds)
{
    Json failed = Json::array();
    for (const import_export::FailedExport& message : report.failed)
        failed.push_back(Json::object({{"id", message.id.hex()}, {"why", message.why}}));
    return Json::object({{"messages", report.messages},
                         {"bytes", report.bytes},
                         {"seconds", seconds},
                         {"failed", std::move(failed)}});
}

void print_report(const import_export::ExportReport& report, double seconds,
                  const ExportCommandOptions& options, std::ostream& out)
{
    for (const import_export::FailedExport& message : report.failed)
        out << styled(fmt::format("{}: {}", message.id.hex().substr(0, 12), printable(message.why)),
                      Style::bad)
            << '\n';
    out << fmt::format("{} ({}) exported to {} in {}.\n", counted(report.messages, "message"),
                       human_bytes(report.bytes), options.to.string(), human_seconds(seconds));
    if (!report.failed.empty())
        out << styled(fmt::format("{} could not be read; `mailhold check` says why.",
                                  counted(report.failed.size(), "message")),
                      Style::bad)
            << '\n';
}

std::vector<crypto::ContentId> wanted_messages(const ExportCommandOptions& options,
                                               ledger::Ledger& ledger,
                                               const vault::ReaderKeys& keys,
                                               const std::optional<Question>& question,
                                               Session& session)
{
    std::vector<crypto::ContentId> ids;
    for (const std::string& id : options.ids)
        ids.push_back(find_message(ledger, id));
    if (!question)
        return ids;
    const search::Resolved resolved = resolve_question(*question, ledger.catalog());
    return open_index(session, ledger, keys).ids(resolved.query, index::Sort::date);
}

import_export::ExportReport do_export(const ExportCommandOptions& options, ledger::Ledger& ledger,
                                      const vault::ReaderKeys& keys,
                                      const std::optional<Question>& question, Session& session)
{
    std::optional<catalog::AccountRow> account;
    if (!options.account.empty())
        account = find_account(ledger, options.account);
    const auto ids = wanted_messages(options, ledger, keys, question, session);
    const import_export::ExportOptions what{
        .as_of =
            options.as_of.empty() ? std::nullopt : std::optional(parse_user_time(options.as_of)),
        .folders = options.folders,
        .include_gone = options.include_gone};
    if (account)
        import_export::require_folders(ledger.catalog(), *account, what);
    ledger::Library library(ledger.store(), keys, ledger.catalog());
    const auto destination = deliver::Destination::open(
        options.to, *deliver::parse_format(options.format), options.with_index);
    ProgressDisplay progress(session.options.quiet);
    if (!account)
        return import_export::export_messages(ledger.catalog(), library, ids, *destination,
                                              progress, session.stop());
    return import_export::export_account(ledger.catalog(), library, *account, what, *destination,
                                         progress, session.stop());
}

void run_export(const ExportCommandOptions& options, Session& session)
{
    const int kinds =
        int(!options.account.empty()) + int(!options.ids.empty()) + int(!options.query.empty());
    if (kinds != 1)
        throw Error(ErrorKind::usage,
                    "export either one --account, or what a --query finds, or messages by id",
                    "mailhold export --account alice@company.example --to alice-mail");
    std::optional<Question> question;
    if (!options.query.empty())
        question = read_question({options.query});
    const auto started = std::chrono::steady_clock::now();
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const vault::ReaderKeys keys = session.unlock(*ledger);
    const import_export::ExportReport report = do_export(options, *ledger, keys, question, session);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (session.options.json)
        session.print_json(report_json(report, seconds));
    else
        print_report(report, seconds, options, session.out);
    if (!report.failed.empty())
        session.exit_code = exit_in_part;
    if (question)
        tend_index(session, ledger->catalog(), keys);
}

}  // namespace

void add_export_command(const Command& app, Session& session)
{
    auto options = std::make_shared<ExportCommandOptions>();
    const Command command =
        app.add_command("export", "Original bytes out: an account, as it is or was, or messages");
    command.add_option("id", options->ids, "Content ids, or at least 6 digits of them");
    command.add_option("--account", options->account, "A whole account");
    command.add_option("--query", options->query, "All that this finds, as `search` does");
    command.add_option("--to", options->to, "New folder or file").required();
    command.add_option("--format", options->format, "What to write")
        .one_of({"maildir", "mbox", "eml", "zip", "tar.zst"})
        .shows_default();
    const Option as_of =
        command.add_option("--as-of", options->as_of,
                           "The account as it stood then: 2026-03-09, 2026-03-09T08:00, yesterday");
    command.add_flag("--include-gone", options->include_gone,
                     "Also everything that has vanished from the server");
    as_of.needs("--account");
    command
        .add_option("--folder", options->folders,
                    "Only these folders of the account; * stands for any text; may be repeated")
        .repeatable()
        .needs("--account");
    command.add_flag("--with-index", options->with_index,
                     "With zip or tar.zst: a page that lists the messages, and SHA256SUMS, for "
                     "somebody without a mail program");
    command.footer(help_footer(
        "mailhold export --account alice@company.example --as-of yesterday --to alice-mail",
        "0 done, 2 usage, 3 some messages could not be read, 10 no such account or message, 12 "
        "wrong passphrase, 30 the destination cannot be written"));
    command.runs([options, &session] { run_export(*options, session); });
}

}  // namespace mailhold::cli
