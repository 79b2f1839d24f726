#pragma once
// Mail from files into the vault: mbox, Maildir, single messages, what mail programs keep
// (Outlook among them), and mailhold's own exports (docs/import.md).

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "mailhold/base/progress.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/ledger/ledger.hpp"

namespace mailhold::import_export {

/// What a file is taken for where its name and its beginning do not tell.
enum class ImportFormat { automatic, eml, mbox, mboxo, mboxrd, mboxcl, mboxcl2 };

struct ImportOptions {
    std::string folder = {};  ///< for mail without a folder of its own; empty: "Imported"
    ImportFormat format = ImportFormat::automatic;
    bool dry_run = false;  ///< reads and counts everything, adds nothing
};

/// The account that mail goes into, as it is described in the vault when it is not there yet.
struct ImportAccount {
    std::string address = {};
    std::string role = {};
    std::string server = {};  ///< "host:port"; empty for an archive-only account
    bool archive_only = false;
};

struct FailedImport {
    std::string file;
    std::uint64_t offset = 0;  ///< of the message in the file
    std::string why;
};

/// Trouble with single files and messages is part of the answer: they are named, and the rest is
/// imported.
struct ImportReport {
    std::uint64_t new_messages = 0;    ///< contents the vault did not have
    std::uint64_t known_messages = 0;  ///< placed in the account; the vault had their content
    std::uint64_t already_there = 0;   ///< the account has them in the same folder: nothing added
    std::uint64_t folders = 0;         ///< that messages were added to
    std::uint64_t bytes = 0;           ///< of all messages read
    std::uint64_t passed_over = 0;     ///< files that are no mail
    std::uint64_t passed_over_items = 0;  ///< in files of Outlook: contacts, appointments, tasks
    std::vector<FailedImport> failed;
    ledger::IndexTrouble index_trouble;
    bool interrupted = false;  ///< what was read until then is committed

    std::uint64_t messages() const { return new_messages + known_messages + already_there; }
};

/// Throws not_found or usage when `path` is neither a file nor a folder.
void check_importable(const std::filesystem::path& path);

/// Reads `paths` and adds their messages to `account`, in folders that no backup touches; a message
/// that lies in the same folder of the account already is not added again. Needs a ledger opened
/// for writing, but for a dry run. Throws not_found and usage for a path, refused when the account
/// belongs to another host, and whatever concerns the vault as a whole.
[[nodiscard]] ImportReport import_files(ledger::Ledger& ledger, const ImportAccount& account,
                                        const std::vector<std::filesystem::path>& paths,
                                        const ImportOptions& options,
                                        const ledger::IntakeOptions& intake, ProgressSink& progress,
                                        const std::stop_token& stop = {});

}  // namespace mailhold::import_export
