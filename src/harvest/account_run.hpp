#pragma once
// One account's share of a run: match folders, compare, fetch, and remember what vanished.

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "mailhold/harvest/harvest.hpp"

#include "fetcher.hpp"
#include "folder_match.hpp"
#include "folder_plan.hpp"
#include "mailhold/imap/door.hpp"

namespace mailhold::harvest {

/// Mail of one folder that the server had at the last run and has no more.
struct VanishedMail {
    catalog::FolderKey folder;
    std::string name;
    std::vector<Uid> uids;
    std::uint64_t live_before = 0;
};

/// Runs on a thread of its own. The report's counts and purges are filled in by the caller after
/// the commit.
class AccountRun {
public:
    AccountRun(ledger::Ledger& ledger, ledger::Intake& intake, const AccountPlan& plan,
               const crypto::AccountId& account, ProgressSink& progress, std::stop_token stop);

    /// Trouble with this account goes into the report. Throws interrupted, and errors of the vault.
    void run();

    AccountReport report;
    std::vector<VanishedMail> vanished;

private:
    struct WorkFolder {
        ServerFolder server;
        FolderId fid{};
        std::uint32_t exists = 0;
        bool is_new = false;
        bool is_unchanged = false;  ///< its counters prove that there is nothing to compare
    };

    void harvest();
    std::vector<ServerFolder> server_folders();
    void fill_in_status(std::vector<imap::ListedFolder>& folders);
    std::vector<WorkFolder> settle_folders(std::vector<ServerFolder> server);
    bool same_content(const ServerFolder& folder, const catalog::FolderRow& row);
    void describe(const WorkFolder& folder, bool gone);
    void folder_is_gone(const catalog::FolderRow& row);
    std::optional<FetchFolder> compare(WorkFolder& folder);
    void mark_unchanged(std::vector<WorkFolder>& folders) const;
    KnownFolder known(const WorkFolder& folder) const;
    std::optional<FolderPlan> plan(const WorkFolder& folder, const KnownFolder& known);
    void record_plan(const WorkFolder& folder, const FolderPlan& plan);
    void place_by_gmail_id(const WorkFolder& folder, FolderPlan& plan);
    void fetch(std::vector<FetchFolder> folders);
    void check_seen_untouched(const FetchFolder& folder, Uid uid);
    void folder_failed(const imap::ListedFolder& folder, const Error& e);
    void tell_unread_folders();
    void fail(const imap::LoginFailure& failure);
    void stays_incomplete(const imap::LoginFailure& failure);
    void tell_progress(bool finished);
    imap::Client& client();

    ledger::Ledger& ledger_;
    ledger::Intake& intake_;
    const AccountPlan& plan_;
    const crypto::AccountId account_;
    ProgressSink& progress_;
    std::stop_token stop_;
    imap::Door door_;
    std::unique_ptr<imap::Client> client_;
    bool gmail_ = false;
    std::vector<UnreadFolder> unread_;
    std::optional<AccountFailure> incomplete_;  ///< the first thing that could not be had
    std::mutex progress_mutex_;                 ///< guards state_
    ProgressEvent state_;
};

}  // namespace mailhold::harvest
