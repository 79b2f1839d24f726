#pragma once
// What all commands share: global options, the config, the passphrase, the ledger, and where to
// print.

#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>

#include "mailhold/base/json.hpp"
#include "mailhold/config/config.hpp"
#include "mailhold/crypto/secret.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/ledger/ledger.hpp"
#include "mailhold/sandbox/work_folder.hpp"

namespace mailhold::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_in_part = 3;  ///< done in part, or damage found

struct GlobalOptions {
    std::filesystem::path config;
    std::filesystem::path passphrase_file;
    std::string passphrase_command;
    bool quiet = false;
    bool verbose = false;
    bool json = false;
    bool no_color = false;
};

class Session {
public:
    explicit Session(std::ostream& out_stream) : out(out_stream) {}

    GlobalOptions options;
    std::ostream& out;  ///< stdout: the answer
    int exit_code = exit_ok;
    sandbox::WorkFolder* work_folder = nullptr;  ///< begun before there are threads and keys

    /// The config file's path: --config, else MAILHOLD_CONFIG, else the XDG default.
    std::filesystem::path config_file() const;
    /// Loaded once. Throws not_found with the hint to run `mailhold init`.
    const config::Config& config();

    /// From --passphrase-file, --passphrase-command, or the terminal without echo; without the
    /// final line end. Throws wrong_key when there is no way to ask.
    crypto::SecretBytes passphrase(const std::string& prompt);
    /// For a new passphrase: asked twice on a terminal, refused when empty or shorter than 8 bytes.
    crypto::SecretBytes new_passphrase();
    bool can_give_passphrase() const;

    ledger::Paths paths();
    std::unique_ptr<ledger::Ledger> open_ledger(ledger::Ledger::Mode mode);
    /// Keys for reading: those that `mailhold unlock` keeps, else as unlock_as_owner.
    vault::ReaderKeys unlock(const objects::Store& store, const vault::RootLog& log);
    vault::ReaderKeys unlock(ledger::Ledger& ledger)
    {
        return unlock(ledger.store(), ledger.root_log());
    }
    /// With the root key, which is never kept: takes a passphrase or a printed recovery key. Throws
    /// wrong_key.
    vault::ReaderKeys unlock_as_owner(const objects::Store& store, const vault::RootLog& log);
    vault::ReaderKeys unlock_as_owner(ledger::Ledger& ledger)
    {
        return unlock_as_owner(ledger.store(), ledger.root_log());
    }

    /// Where and how the search index is made; nullopt when the config wants none, or this machine
    /// has no folder in memory for it.
    std::optional<ledger::IndexSettings> index_settings();

    /// Says on stderr what opening for writing found and mended.
    void tell_recovery(const ledger::Recovery& recovery);

    /// One JSON document on stdout.
    void print_json(const Json& document) { out << document.dump_pretty() << '\n'; }

    /// Set by the first Ctrl-C or SIGTERM.
    std::stop_token stop() const;

private:
    std::optional<config::Config> config_;
};

/// Installs the signal handlers behind Session::stop(). Call once, before threads start.
void watch_signals();

}  // namespace mailhold::cli
