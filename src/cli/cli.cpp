// The command line: global options, the commands, and the last catch.

#include "mailhold/cli/cli.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/crypto/secret.hpp"

#include "commands.hpp"
#include "query_arguments.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

/// Keys live in this process: no core dumps, no other process of this user looking in.
void guard_memory()
{
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

void add_global_options(const Command& app, GlobalOptions& options)
{
    app.add_option("-c,--config", options.config, "Config file").environment("MAILHOLD_CONFIG");
    app.add_option("--passphrase-file", options.passphrase_file, "File with the vault's passphrase")
        .environment("MAILHOLD_PASSPHRASE_FILE");
    app.add_option("--passphrase-command", options.passphrase_command,
                   "Command that prints the vault's passphrase")
        .environment("MAILHOLD_PASSPHRASE_COMMAND");
    app.add_flag("-q,--quiet", options.quiet, "Say only what went wrong");
    app.add_flag("-v,--verbose", options.verbose, "Say more on stderr");
    app.add_flag("--json", options.json, "One JSON document on stdout (docs/json.md)");
    app.add_flag("--no-color", options.no_color, "No colours on a terminal");
}

void add_commands(const Command& app, Session& session)
{
    add_init_command(app, session);
    add_account_command(app, session);
    add_backup_command(app, session);
    add_status_command(app, session);
    add_folders_command(app, session);
    add_search_command(app, session);
    add_customers_command(app, session);
    add_show_command(app, session);
    add_export_command(app, session);
    add_import_command(app, session);
    add_restore_command(app, session);
    add_handover_command(app, session);
    add_check_command(app, session);
    add_unlock_command(app, session);
    add_lock_command(app, session);
    add_rebuild_command(app, session);
    add_tidy_command(app, session);
    add_key_command(app, session);
    add_writer_command(app, session);
    add_version_command(app, session);
}

void apply(const GlobalOptions& options)
{
    log::set_level(options.quiet     ? log::Level::quiet
                   : options.verbose ? log::Level::verbose
                                     : log::Level::normal);
    allow_colors(!options.no_color);
}

int report(const Error& e)
{
    const std::string_view hint = hint_of(e);
    std::cerr << "mailhold: " << printable(e.what()) << '\n';
    if (!hint.empty())
        std::cerr << "hint: " << printable(hint) << '\n';
    return static_cast<int>(e.kind());
}

int report_usage(const CLI::App& app, const CLI::ParseError& e)
{
    if (e.get_exit_code() == 0)
        return app.exit(e, std::cout, std::cerr);  // --help and --version
    std::cerr << "mailhold: " << e.what() << '\n'
              << "hint: `mailhold --help` lists the commands, `mailhold COMMAND --help` a "
                 "command's options\n";
    return static_cast<int>(ErrorKind::usage);
}

int run_command(int argc, char** argv, sandbox::WorkFolder& work_folder)
{
    Session session(std::cout);
    session.work_folder = &work_folder;
    CLI::App app(
        "Backs up every mailbox of a company into one sealed vault, and gives every byte back.",
        "mailhold");
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", MAILHOLD_VERSION);
    app.get_formatter()->column_width(34);
    app.footer("First steps: mailhold init, mailhold account add you@company.example, mailhold "
               "backup, mailhold status.\n"
               "Exit codes: 0 done, 2 usage, 3 done in part or damage found; all in "
               "docs/operations.md and mailhold(1).");
    add_global_options(Command(app), session.options);
    add_commands(Command(app), session);
    app.parse_complete_callback([&session] { apply(session.options); });
    try {
        auto arguments = arranged_arguments(app, {argv + std::min(argc, 1), argv + argc});
        std::ranges::reverse(arguments);  // as CLI11 wants them
        app.parse(std::move(arguments));
    } catch (const CLI::ParseError& e) {
        return report_usage(app, e);
    }
    session.out.flush();
    if (!session.out)
        throw Error(ErrorKind::storage, "cannot write the answer to standard output");
    return session.exit_code;
}

}  // namespace

std::string help_footer(std::string_view example, std::string_view exit_codes)
{
    return fmt::format("Example:\n  {}\nExit codes: {}", example, exit_codes);
}

int run(int argc, char** argv)
{
    try {
        sandbox::WorkFolder work_folder;  // before anything else: it forks while nothing is here
        guard_memory();
        crypto::initialise();
        watch_signals();
        return run_command(argc, argv, work_folder);
    } catch (const Error& e) {
        return report(e);
    } catch (const std::filesystem::filesystem_error& e) {
        return report(error_of(e));
    } catch (const std::exception& e) {
        std::cerr << "mailhold: internal error: " << printable(e.what())
                  << "\nhint: this is our mistake; please report it with the command you ran\n";
        return static_cast<int>(ErrorKind::bug);
    }
}

}  // namespace mailhold::cli
