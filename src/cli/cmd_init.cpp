// mailhold init: a vault, the first writer, and a config.

#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/config/edit.hpp"
#include "mailhold/ledger/setup.hpp"
#include "mailhold/vault/owner.hpp"

#include "commands.hpp"
#include "terminal.hpp"
#include "writers.hpp"

namespace mailhold::cli {
namespace {

struct InitOptions {
    std::string vault;
    std::filesystem::path recovery_sheet;
};

/// The vault as the config names it: relative to the config's folder, or absolute.
std::string vault_for_config(const std::string& given)
{
    if (given.empty())
        return "vault";
    if (given.starts_with("s3://"))
        return given;
    return std::filesystem::absolute(given).lexically_normal().string();
}

void write_sheet(const std::filesystem::path& file, const std::string& sheet)
{
    const FileDescriptor out = create_file(file);
    write_all(out, bytes_of(sheet), file);
    sync_file(out, file);
}

/// `new_config`: it was written for this vault, and goes again where none could be made.
ledger::NewVault make_vault(Session& session, Bytes passphrase, bool new_config)
{
    const bool is_anothers = ledger::has_vault(session.paths());
    try {
        return ledger::create_vault(session.paths(), passphrase, host_name());
    } catch (...) {
        const bool is_made = !is_anothers && ledger::has_vault(session.paths());
        if (std::error_code ignored; new_config && !is_made)
            std::filesystem::remove(session.config_file(), ignored);
        throw;
    }
}

void print_made(const ledger::NewVault& made, const std::string& sheet, const InitOptions& options,
                Session& session)
{
    if (session.options.json) {
        Json document = Json::object({{"config", session.config_file().string()},
                                      {"vault", session.config().vault},
                                      {"vault_id", made.log.vault.hex()},
                                      {"root_fingerprint", made.log.fingerprint()}});
        if (options.recovery_sheet.empty())
            document.set("recovery_key", made.recovery_key);
        session.print_json(document);
        return;
    }
    session.out << fmt::format("Vault made in {}\nConfig written to {}\n\n", session.config().vault,
                               session.config_file().string());
    if (options.recovery_sheet.empty())
        session.out << sheet << '\n';
    else
        session.out << fmt::format(
            "The recovery key is in {}: print it, put it in a safe, delete the file.\n\n",
            options.recovery_sheet.string());
    session.out << "Next: mailhold account add you@company.example\n";
}

void run_init(const InitOptions& options, Session& session)
{
    const std::filesystem::path file = session.config_file();
    if (!options.recovery_sheet.empty() && std::filesystem::exists(options.recovery_sheet))
        throw Error(ErrorKind::usage,
                    fmt::format("{} exists already", options.recovery_sheet.string()),
                    "name a new file for the recovery sheet; nothing was changed");
    const bool new_config = !std::filesystem::exists(file);
    if (!new_config && !options.vault.empty())
        throw Error(
            ErrorKind::usage, fmt::format("{} exists already and names its vault", file.string()),
            "leave --vault out to make that vault, or choose another config with --config FILE");
    const crypto::SecretBytes passphrase = session.new_passphrase();
    if (new_config)
        config::create_config(file, vault_for_config(options.vault), "state");
    const ledger::NewVault made = make_vault(session, passphrase.view(), new_config);
    const std::string sheet =
        vault::recovery_sheet(made.log, made.recovery_key, session.config().vault);
    if (!options.recovery_sheet.empty())
        write_sheet(options.recovery_sheet, sheet);
    print_made(made, sheet, options, session);
}

}  // namespace

void add_init_command(const Command& app, Session& session)
{
    auto options = std::make_shared<InitOptions>();  // outlives this call, inside the callback
    const Command command = app.add_command("init", "Make a vault, its first writer, and a config");
    command.add_option("--vault", options->vault,
                       "Folder of the vault (default: vault, beside the config)");
    command.add_option("--recovery-sheet", options->recovery_sheet,
                       "Write the recovery key to this new file instead of the terminal");
    command.footer(
        help_footer("mailhold init --vault /srv/mailhold/vault --recovery-sheet recovery.txt",
                    "0 done, 2 usage, 30 the folder cannot be written"));
    command.runs([options, &session] { run_init(*options, session); });
}

}  // namespace mailhold::cli
