// mailhold restore: an account's mail back into an IMAP account.

#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

#include "commands.hpp"
#include "finding.hpp"
#include "indexing.hpp"
#include "lookup.hpp"
#include "progress_display.hpp"
#include "terminal.hpp"
#include "uploading.hpp"

namespace mailhold::cli {
namespace {

struct RestoreOptions {
    std::string from;
    std::string to;
    std::string as_of;
    std::vector<std::string> folders;
    std::vector<std::string> renamed;
    std::string prefix;
    std::string query;
    bool dry_run = false;
};

restore::Naming naming_of(const RestoreOptions& options)
{
    restore::Naming naming{.prefix = options.prefix};
    for (const std::string& pair : options.renamed) {
        const std::size_t equals = pair.find('=');
        if (equals == pair.npos)
            throw Error(ErrorKind::usage, fmt::format("'{}' is not OLD=NEW", printable(pair)),
                        "for example: --map 'Sent=Gesendet'");
        naming.renamed.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
    return naming;
}

restore::Plan plan_of(const RestoreOptions& options, const std::optional<Question>& question,
                      ledger::Ledger& ledger, const vault::ReaderKeys& keys, Session& session)
{
    restore::Scope scope{.account = find_account(ledger, options.from), .folders = options.folders};
    if (!options.as_of.empty())
        scope.as_of = parse_user_time(options.as_of);
    std::set<crypto::ContentId> found;
    if (question) {
        const search::Resolved resolved = resolve_question(*question, ledger.catalog());
        const auto ids = open_index(session, ledger, keys).ids(resolved.query, index::Sort::date);
        found.insert(ids.begin(), ids.end());
        scope.wants = [&](const catalog::PlacementRow& row) { return found.contains(row.id); };
    }
    return restore::plan(ledger.catalog(), scope, naming_of(options));
}

void show_plan(const restore::Plan& plan, UploadTarget& target, Session& session)
{
    const deliver::Survey& survey = target.survey(session.stop());
    if (session.options.json)
        session.print_json(plan_json(plan, survey));
    else
        print_plan(plan, target, survey, session.out);
}

void upload(const restore::Plan& plan, UploadTarget& target, ledger::Ledger& ledger,
            const vault::ReaderKeys& keys, Session& session)
{
    deliver::UploadReport report;
    {
        ledger::Library library(ledger.store(), keys, ledger.catalog());
        ProgressDisplay progress(session.options.quiet);
        report = target.run(plan, library, progress, session.stop());
    }
    if (session.options.json)
        session.print_json(upload_json(plan, report));
    else if (!session.options.quiet || !report.is_whole())
        print_upload(plan, target.address(), report, session.out);
    if (!report.is_whole())
        session.exit_code = exit_in_part;
}

void run_restore(const RestoreOptions& options, Session& session)
{
    std::optional<Question> question;
    if (!options.query.empty())
        question = read_question({options.query});
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    UploadTarget target(session, *ledger, options.to);
    const vault::ReaderKeys keys = session.unlock(*ledger);
    ledger->follow_other_writers(keys);
    const restore::Plan plan = plan_of(options, question, *ledger, keys, session);
    target.prepare(plan);
    if (options.dry_run)
        show_plan(plan, target, session);
    else
        upload(plan, target, *ledger, keys, session);
    tend_index(session, ledger->catalog(), keys);
}

}  // namespace

void add_restore_command(const Command& app, Session& session)
{
    auto options = std::make_shared<RestoreOptions>();
    const Command command = app.add_command(
        "restore", "An account's mail, as it is or was, into an account on a server");
    command.add_option("address", options->from, "The account whose mail it is").required();
    command.add_option("--to", options->to, "The account to put it into; may be the same")
        .required();
    command.add_option("--as-of", options->as_of,
                       "The mail as it stood then: 2026-03-09, 2026-03-09T08:00, yesterday");
    command.add_option("--folder", options->folders, "Only these folders; '*' stands for any text");
    command.add_option("--query", options->query, "Only what this finds, as `search` does");
    command.add_option("--map", options->renamed,
                       "OLD=NEW: a folder goes elsewhere, with those "
                       "below it");
    command.add_option("--prefix", options->prefix, "Everything below this folder");
    command.add_flag("--dry-run", options->dry_run, "Show what would go where; upload nothing");
    command.footer(help_footer(
        "mailhold restore alice@company.example --to bob@company.example --as-of yesterday "
        "--prefix 'From Alice'",
        "0 all is there, 2 usage, 3 something is missing (the report says what), 10 no such "
        "account or folder, 11 another upload into it runs, 12 wrong passphrase, 20 login "
        "refused, 21 server not reached"));
    command.runs([options, &session] { run_restore(*options, session); });
}

}  // namespace mailhold::cli
