// mailhold import: mail from files into an account, live or archive-only.

#include <chrono>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/config/edit.hpp"
#include "mailhold/import_export/import.hpp"

#include "accounts.hpp"
#include "commands.hpp"
#include "progress_display.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

using import_export::ImportAccount;
using import_export::ImportFormat;
using import_export::ImportReport;

struct ImportCommandOptions {
    std::string address;
    std::vector<std::filesystem::path> paths;
    std::string folder;
    std::string format = "auto";
    std::string role;
    bool dry_run = false;
};

const std::map<std::string, ImportFormat>& formats()
{
    static const std::map<std::string, ImportFormat> known = {
        {"auto", ImportFormat::automatic}, {"eml", ImportFormat::eml},
        {"mbox", ImportFormat::mbox},      {"mboxo", ImportFormat::mboxo},
        {"mboxrd", ImportFormat::mboxrd},  {"mboxcl", ImportFormat::mboxcl},
        {"mboxcl2", ImportFormat::mboxcl2}};
    return known;
}

/// An account that neither the config nor the vault knows.
struct Target {
    ImportAccount account;
    config::Fields new_fields;  ///< of its [[account]]; empty when it need not be made
};

Target target_of(const ImportCommandOptions& options, const ledger::Ledger& ledger,
                 const config::Config& config)
{
    const config::Account* configured = config.find(options.address);
    const auto known = ledger.catalog().account(options.address);
    if ((configured != nullptr || known) && !options.role.empty())
        throw Error(ErrorKind::usage, options.address + " has a role already",
                    "leave out --role; `mailhold account set` changes it");
    if (configured != nullptr) {
        const std::string server = configured->archive_only
                                       ? std::string()
                                       : fmt::format("{}:{}", configured->host, configured->port);
        return {.account = {.address = configured->address,
                            .role = configured->role,
                            .server = server,
                            .archive_only = configured->archive_only},
                .new_fields = {}};
    }
    if (known)  // its account was removed from the config, the archive was kept
        return {.account = {.address = known->address, .role = known->role}, .new_fields = {}};
    const std::string role = options.role.empty() ? "archive" : options.role;
    return {.account = {.address = options.address, .role = role, .archive_only = true},
            .new_fields = {{"address", options.address}, {"role", role}, {"archive_only", true}}};
}

Json report_json(const ImportReport& report, const Target& target, bool dry_run, double seconds)
{
    Json failed = Json::array();
    for (const import_export::FailedImport& failure : report.failed)
        failed.push_back(Json::object(
            {{"path", failure.file}, {"offset", failure.offset}, {"why", failure.why}}));
    return Json::object({{"account", target.account.address},
                         {"account_added", !target.new_fields.empty() && !dry_run},
                         {"dry_run", dry_run},
                         {"new", report.new_messages},
                         {"known", report.known_messages},
                         {"already_there", report.already_there},
                         {"folders", report.folders},
                         {"bytes", report.bytes},
                         {"seconds", seconds},
                         {"passed_over", report.passed_over},
                         {"passed_over_items", report.passed_over_items},
                         {"failed", std::move(failed)},
                         {"unread_documents", report.index_trouble.unread_documents},
                         {"interrupted", report.interrupted}});
}

void print_failures(const ImportReport& report, std::ostream& out)
{
    constexpr std::size_t shown = 20;
    for (std::size_t i = 0; i < std::min(shown, report.failed.size()); ++i) {
        const import_export::FailedImport& failure = report.failed[i];
        const std::string place = failure.offset > 0
                                      ? fmt::format("{}, byte {}", failure.file, failure.offset)
                                      : failure.file;
        out << styled(fmt::format("{}: {}", printable(place), printable(failure.why)), Style::bad)
            << '\n';
    }
    if (report.failed.size() > shown)
        out << fmt::format("and {} more; --json names them all\n", report.failed.size() - shown);
}

void print_report(const ImportReport& report, const Target& target, bool dry_run, double seconds,
                  const Session& session)
{
    std::ostream& out = session.out;
    print_failures(report, out);
    if (session.options.quiet)
        return;
    const std::string address = printable(target.account.address);
    if (!target.new_fields.empty())
        out << fmt::format("{} {} an archive-only account: searched, exported and restored from, "
                           "never fetched.\n",
                           address, dry_run ? "would become" : "is now");
    out << fmt::format("{} ({}) read in {}: {} new, {} known to the vault, {} already there.\n",
                       counted(report.messages(), "message"), human_bytes(report.bytes),
                       human_seconds(seconds), with_thousands(report.new_messages),
                       with_thousands(report.known_messages), with_thousands(report.already_there));
    if (report.passed_over > 0)
        out << fmt::format("{} that hold no mail were passed over.\n",
                           counted(report.passed_over, "file"));
    if (report.passed_over_items > 0)
        out << fmt::format("{} of Outlook that are no mail (contacts, appointments, tasks) were "
                           "passed over.\n",
                           counted(report.passed_over_items, "item"));
    if (report.interrupted)
        out << "Stopped early; what was read is in the vault, and the same command goes on from "
               "here.\n";
    else if (dry_run)
        out << "Nothing was added: this was a dry run.\n";
    else if (report.failed.empty())
        out << styled(fmt::format("All of it is in {}.", address), Style::good) << '\n';
    else
        out << styled(fmt::format("{} failed, see above; the rest is in {}.",
                                  with_thousands(report.failed.size()), address),
                      Style::warning)
            << '\n';
}

void run_import(const ImportCommandOptions& options, Session& session)
{
    const auto started = std::chrono::steady_clock::now();
    const config::Config& config = session.config();
    const auto ledger = session.open_ledger(options.dry_run ? ledger::Ledger::Mode::read
                                                            : ledger::Ledger::Mode::write);
    const Target target = target_of(options, *ledger, config);
    for (const std::filesystem::path& path : options.paths)
        import_export::check_importable(path);
    if (!target.new_fields.empty()) {
        if (options.dry_run)
            config::preview_accounts(session.config_file(), std::span(&target.new_fields, 1));
        else
            config::add_accounts(session.config_file(), std::span(&target.new_fields, 1));
    }
    ledger::IntakeOptions intake = harvest_options(config).intake;
    if (!options.dry_run)
        intake.index = session.index_settings();
    ImportReport report;
    {
        ProgressDisplay progress(session.options.quiet);
        report = import_export::import_files(*ledger, target.account, options.paths,
                                             {.folder = options.folder,
                                              .format = formats().at(options.format),
                                              .dry_run = options.dry_run},
                                             intake, progress, session.stop());
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (session.options.json)
        session.print_json(report_json(report, target, options.dry_run, seconds));
    else
        print_report(report, target, options.dry_run, seconds, session);
    if (!report.failed.empty() || report.interrupted)
        session.exit_code = exit_in_part;
}

}  // namespace

void add_import_command(const Command& app, Session& session)
{
    auto options = std::make_shared<ImportCommandOptions>();
    const Command command = app.add_command(
        "import",
        "Mail from files: mbox, Maildir, .eml, .pst, zip, tar, mail programs' folders, exports");
    command.add_option("address", options->address, "The account; a new one becomes archive-only")
        .required();
    command.add_option("path", options->paths, "Files and folders").required();
    command.add_option("--folder", options->folder,
                       "For mail without a folder of its own (Imported, or the mbox file's name)");
    command
        .add_option("--format", options->format,
                    "What a file is where its name and beginning do not tell")
        .one_of({"auto", "eml", "mbox", "mboxo", "mboxrd", "mboxcl", "mboxcl2"})
        .shows_default();
    command.add_option("--role", options->role, "Of a new account (archive)");
    command.add_flag("--dry-run", options->dry_run, "Read and count everything, add nothing");
    command.footer(
        help_footer("mailhold import alice@company.example alice-old.mbox ~/Maildir",
                    "0 done, 2 usage, 3 some messages could not be imported (the rest is in), 10 "
                    "no such file, 11 a backup runs, 20 another host keeps the account, 30 the "
                    "vault cannot be written") +
        "\nImporting the same again adds nothing. docs/import.md says what is read, and how.");
    command.runs([options, &session] { run_import(*options, session); });
}

}  // namespace mailhold::cli
