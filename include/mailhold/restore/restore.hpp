#pragma once
// Mail of one account back into an IMAP account: what is planned, and carrying it out.

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/progress.hpp"
#include "mailhold/catalog/catalog.hpp"
#include "mailhold/deliver/upload.hpp"
#include "mailhold/ledger/ledger.hpp"

namespace mailhold::restore {

/// Which messages of an account.
struct Scope {
    catalog::AccountRow account;
    std::optional<Time> as_of = {};  ///< what was on the server then; else at the last run
    /// With as_of: and the messages that came later, where they came first, even if they are gone
    /// again.
    bool and_later = false;
    /// Patterns as in config::matches_folder, over names as the account has them or with '/'
    /// between levels; empty: all.
    std::vector<std::string> folders = {};
    /// Which of their messages; empty: all. Must not call the catalog.
    std::function<bool(const catalog::PlacementRow&)> wants = {};
};

/// What folders are called on the target; levels are parted by '/' whatever the servers use.
struct Naming {
    /// Levels above all folders. Empty: the same folders, and the target's own for Sent, Drafts and
    /// the like, whatever they are called there.
    std::string prefix = {};
    /// Old name, new name; folders below a renamed one move with it.
    std::vector<std::pair<std::string, std::string>> renamed = {};
};

struct Plan {
    std::string from;                            ///< address of the account
    std::vector<std::string> source_folders;     ///< as the account has them; one each of `folders`
    std::vector<deliver::UploadFolder> folders;  ///< several may have one target
    std::vector<deliver::UploadMessage> messages;  ///< in the order in which they are read fastest
    std::uint64_t bytes = 0;
    /// Left out of folders that show all mail (Gmail's \All), since they lie in another one too.
    std::uint64_t also_elsewhere = 0;
};

/// Throws not_found for a folder or renamed name that the account does not have.
Plan plan(const catalog::Catalog& catalog, const Scope& scope, const Naming& naming);

/// Two uploads into one account at a time would not see each other's messages and could put one
/// there twice.
class TargetLock {
public:
    /// `state` is this host's state folder. Throws locked.
    TargetLock(const std::filesystem::path& state, const std::string& address);

    /// An upload begins. True when the last one was broken off: its server may still be at work on
    /// what it had received.
    [[nodiscard]] bool begin();
    /// It came to its end; what it sent is accounted for.
    void finish();

private:
    std::filesystem::path file_;
    FileLock lock_;
};

/// What a provider lets into an account in 24 hours, counted over the runs of this host.
class DailyBudget {
public:
    /// `bytes_a_day` 0: no limit.
    DailyBudget(catalog::Catalog& catalog, const std::string& address, std::uint64_t bytes_a_day);

    /// nullopt: no limit.
    std::optional<std::uint64_t> left(Time at) const;
    void spend(Time at, std::uint64_t bytes);

private:
    catalog::Catalog& catalog_;
    std::string key_;
    std::uint64_t bytes_a_day_;
};

/// What uploads into `address` verified, kept by the catalog for this host: at least once a second,
/// and at flush().
class CatalogMemory final : public deliver::UploadMemory {
public:
    CatalogMemory(catalog::Catalog& catalog, std::string address)
        : catalog_(catalog), address_(std::move(address))
    {
    }
    void flush();
    std::vector<Known> known(const std::string& wire_name, UidValidity uid_validity) override;
    void remember(const std::string& wire_name, UidValidity uid_validity,
                  const std::vector<Known>& verified) override;

private:
    struct Folder {
        std::string wire_name;
        UidValidity uid_validity{};
        std::vector<catalog::UploadedMessage> messages;
    };
    void write();

    catalog::Catalog& catalog_;
    std::string address_;
    std::mutex mutex_;  ///< guards all below
    std::vector<Folder> unwritten_;
    SteadyTime last_written_ = std::chrono::steady_clock::now();
};

/// Uploads what the target does not have yet, and counts it in the budget. Throws as
/// deliver::Upload does.
[[nodiscard]] deliver::UploadReport carry_out(const Plan& plan, deliver::Upload& upload,
                                              DailyBudget& budget, ledger::Library& library,
                                              ProgressSink& progress, const std::stop_token& stop);

}  // namespace mailhold::restore
