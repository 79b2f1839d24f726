#pragma once
// What one run over all accounts does: everything the vault does not have yet goes in, everything
// that changed or went is recorded, and each account's outcome is told. Nothing is ever changed on
// a server.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "mailhold/base/progress.hpp"
#include "mailhold/imap/door.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/ledger/ledger.hpp"

namespace mailhold::harvest {

/// One account to harvest.
struct AccountPlan {
    imap::Access access;
    std::string role;
    std::vector<std::string> exclude;  ///< glob patterns over folder names, '*' and '?'
};

struct Options {
    unsigned accounts_at_once = 4;
    ledger::IntakeOptions intake{};
    std::uint64_t purge_min_messages = 20;  ///< a purge is more than this many …
    unsigned purge_percent = 10;            ///< … and more than this share of the folder
};

struct FailedMessage {
    std::string folder;
    Uid uid{};
    std::string why;
};

/// Much of a folder vanished from the server since the last run: perhaps a leaver emptying it.
struct Purge {
    std::string folder;
    std::uint64_t count = 0;
    std::uint64_t of = 0;
};

struct AccountFailure {
    std::string failure_class;  ///< imap::to_string of the class
    std::string text;
    std::string hint;
};

struct AccountReport {
    std::string address;
    bool ok = false;
    ledger::AccountTally tally;
    std::vector<FailedMessage> failed;
    std::uint64_t server_messages = 0;
    std::uint64_t archived_messages = 0;  ///< of those on the server
    double seconds = 0;
    std::optional<AccountFailure> error;
    std::vector<std::string> warnings;
    std::vector<Purge> purges;
};

struct RunReport {
    std::vector<AccountReport> accounts;
    ledger::Commit head;  ///< the run's last journal entry
    ledger::IndexTrouble index_trouble;
    bool interrupted = false;

    bool ok() const;
};

/// One account's trouble never stops the others; trouble with the vault stops the run (throws)
/// after what was committed. With a stop request it commits what is complete and returns,
/// `interrupted`.
[[nodiscard]] RunReport run(ledger::Ledger& ledger, const std::vector<AccountPlan>& accounts,
                            const Options& options, ProgressSink& progress, std::stop_token stop);

/// Logs in and lists folders, saves nothing. Throws net::ConnectError or Error; returns the number
/// of folders.
std::size_t try_login(const imap::Access& access, std::stop_token stop);

}  // namespace mailhold::harvest
