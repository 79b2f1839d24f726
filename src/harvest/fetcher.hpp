#pragma once
// Fetches one account's new messages over several connections, and keeps one bad message or a lost
// connection from costing more than itself.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "mailhold/harvest/harvest.hpp"

#include "mailhold/imap/door.hpp"

namespace mailhold::harvest {

/// New messages of one folder.
struct FetchFolder {
    FolderId fid{};
    UidValidity uid_validity{};  ///< the UIDs mean nothing under another
    std::string name{};
    std::string wire_name{};
    std::vector<Uid> uids{};
    /// Called once when every UID was given, failed or found gone.
    std::function<void()> complete{};
};

struct FetchEnvironment {
    const AccountPlan& plan;
    const crypto::AccountId& account;
    ledger::Intake& intake;
    const imap::Door& door;
    std::function<void(std::uint64_t bytes)> fetched;  ///< for progress; from several threads
    bool gmail = false;
    std::stop_token stop;
};

/// A folder that the server lists and would not let us read.
struct UnreadFolder {
    std::string name;
    std::string wire_name;
    imap::LoginFailure failure;
};

/// What happened beside the messages themselves.
struct FetchOutcome {
    std::vector<FailedMessage> failed;
    std::vector<std::string> warnings;
    std::vector<UnreadFolder> unread;
    /// A message broke the session whenever it was asked for; the others went on without it.
    std::optional<imap::LoginFailure> session_breaker;
    std::optional<imap::LoginFailure> trouble;  ///< the account could not be finished
    std::optional<std::pair<std::size_t, Uid>>
        unseen_sample;  ///< folder index and a UID fetched as unseen
};

/// `main` is a session to start with; it may be replaced after a lost connection, and is handed
/// back open where it still is. Throws interrupted, and errors of the vault.
FetchOutcome fetch_all(const FetchEnvironment& environment, std::unique_ptr<imap::Client>& main,
                       const std::vector<FetchFolder>& folders);

}  // namespace mailhold::harvest
