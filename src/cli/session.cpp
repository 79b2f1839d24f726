// What all commands share.

#include "session.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/credentials/command.hpp"
#include "mailhold/vault/owner.hpp"

#include "kept_keys.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::uint64_t passphrase_limit_bytes = 4'096;
constexpr std::size_t shortest_passphrase_bytes = 8;

std::stop_source& stop_source()
{
    static std::stop_source source;
    return source;
}

crypto::SecretBytes without_line_end(Bytes text)
{
    std::size_t size = text.size();
    if (size > 0 && text[size - 1] == std::byte{'\n'})
        --size;
    if (size > 0 && text[size - 1] == std::byte{'\r'})
        --size;
    return crypto::SecretBytes(text.first(size));
}

}  // namespace

void watch_signals()
{
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    static_cast<void>(stop_source());
    std::thread([signals] {
        int signal = 0;
        if (sigwait(&signals, &signal) != 0)
            return;
        log::warning("stopping after what is complete; again to stop at once");
        stop_source().request_stop();
        if (sigwait(&signals, &signal) == 0)
            std::_Exit(128 + signal);
    }).detach();
}

std::stop_token Session::stop() const
{
    return stop_source().get_token();
}

std::filesystem::path Session::config_file() const
{
    if (!options.config.empty())
        return std::filesystem::absolute(options.config);
    if (const char* home = std::getenv("XDG_CONFIG_HOME"); home && *home)
        return std::filesystem::path(home) / "mailhold/mailhold.toml";
    if (const char* home = std::getenv("HOME"); home && *home)
        return std::filesystem::path(home) / ".config/mailhold/mailhold.toml";
    throw Error(ErrorKind::usage, "no config file named, and no home folder to look in",
                "name one with --config FILE");
}

const config::Config& Session::config()
{
    if (config_)
        return *config_;
    try {
        config_ = config::load_config(config_file());
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::not_found)
            throw;
        throw Error(
            ErrorKind::not_found, fmt::format("no config file at {}", config_file().string()),
            "`mailhold init` makes one together with a vault; or name yours with --config FILE");
    }
    return *config_;
}

bool Session::can_give_passphrase() const
{
    return !options.passphrase_file.empty() || !options.passphrase_command.empty() ||
           isatty(STDIN_FILENO);
}

crypto::SecretBytes Session::passphrase(const std::string& prompt)
{
    if (!options.passphrase_file.empty()) {
        ByteBuffer text = read_file(options.passphrase_file, passphrase_limit_bytes);
        crypto::SecretBytes secret = without_line_end(text);
        crypto::wipe(text);
        return secret;
    }
    if (!options.passphrase_command.empty())
        return credentials::run_secret_command(options.passphrase_command, "passphrase command");
    if (!isatty(STDIN_FILENO))
        throw Error(ErrorKind::wrong_key,
                    "this needs the vault's passphrase and there is no terminal to ask on",
                    "give --passphrase-file FILE or --passphrase-command CMD");
    return read_hidden_line(prompt);
}

crypto::SecretBytes Session::new_passphrase()
{
    crypto::SecretBytes first = passphrase("New passphrase for the vault: ");
    const bool from_terminal =
        options.passphrase_file.empty() && options.passphrase_command.empty();
    if (first.size() < shortest_passphrase_bytes)
        throw Error(ErrorKind::usage, "the passphrase is shorter than 8 characters",
                    "take four or more random words; everything in the vault hangs on it");
    if (from_terminal &&
        !crypto::same_secret(first.view(), read_hidden_line("The same again: ").view()))
        throw Error(ErrorKind::usage, "the two passphrases differ",
                    "nothing was changed; try again");
    return first;
}

ledger::Paths Session::paths()
{
    const config::Config& loaded = config();
    if (loaded.vault.starts_with("s3://"))
        throw Error(ErrorKind::usage, "this version keeps vaults in local folders only",
                    "set `vault` to a folder in " + loaded.file.string());
    return {.vault = loaded.vault, .state = loaded.state};
}

std::unique_ptr<ledger::Ledger> Session::open_ledger(ledger::Ledger::Mode mode)
{
    auto ledger = std::make_unique<ledger::Ledger>(paths(), mode);
    if (mode == ledger::Ledger::Mode::write)
        tell_recovery(ledger->recovery());
    return ledger;
}

vault::ReaderKeys Session::unlock(const objects::Store& store, const vault::RootLog& log)
{
    if (auto kept = kept_keys(log))
        return std::move(kept->keys);
    return unlock_as_owner(store, log);
}

vault::ReaderKeys Session::unlock_as_owner(const objects::Store& store, const vault::RootLog& log)
{
    const crypto::SecretBytes secret = passphrase("Passphrase: ");
    return vault::unlock(store, log, secret.view());
}

std::optional<ledger::IndexSettings> Session::index_settings()
{
    const config::SearchSettings& search = config().search;
    if (!search.index)
        return std::nullopt;
    try {
        return ledger::IndexSettings{.folder = work_folder->path(), .languages = search.languages};
    } catch (const Error& e) {
        log::warning("{}: mail is not made searchable", e.what());
        return std::nullopt;
    }
}

void Session::tell_recovery(const ledger::Recovery& recovery)
{
    if (recovery.outbox_settled)
        log::info("finished the commit that an earlier run had begun");
    for (const std::string& name : recovery.removed_orphans)
        log::debug("removed an unfinished object of an earlier run: {}", name);
    for (const std::string& name : recovery.healed)
        log::warning("ROLLBACK: the vault had lost {}; put back from this host's mirror", name);
    for (const std::string& name : recovery.lost_archives)
        log::warning("damage: {} is missing or cut; its mail is fetched again where the server "
                     "still has it. "
                     "Run `mailhold check` to see what is affected",
                     name);
    for (const std::string& name : recovery.lost_shards)
        log::warning("damage: {} is missing or cut, a part of the search index; `mailhold tidy` "
                     "makes it again from the archives",
                     name);
}

}  // namespace mailhold::cli
