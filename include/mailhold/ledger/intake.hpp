#pragma once
// Where harvested mail enters the vault: a queue bounded in bytes, and behind it hashing,
// detaching, sealing and the commits.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "mailhold/index/terms.hpp"
#include "mailhold/ledger/ledger.hpp"

namespace mailhold::ledger {

/// How mail becomes searchable.
struct IndexSettings {
    std::filesystem::path folder;  ///< in memory (sandbox::WorkFolder): Xapian's unfinished files
    index::Languages languages{"en"};
    unsigned threads = 2;
    /// One shard of mail that is indexed later holds about this much, as one of a commit does.
    std::uint64_t shard_raw_bytes = 32 * mebibyte;
};

struct IntakeOptions {
    std::uint64_t commit_raw_bytes = 32 * mebibyte;
    std::chrono::seconds commit_interval{300};
    std::uint64_t queue_bytes = 16 * mebibyte;  ///< a single larger message is let in alone
    unsigned sealing_threads = 2;
    /// nullopt: mail is archived, and indexed later by a host that can read (IndexKeeper).
    std::optional<IndexSettings> index;
};

/// One fetched message and where it lay.
struct Arrival {
    crypto::AccountId account;
    vault::Placed placed;  ///< its content id is filled in here
    ByteBuffer raw;
};

/// What one account's events came to, counted when they are processed.
struct AccountTally {
    std::uint64_t new_messages = 0;    ///< contents the vault did not have
    std::uint64_t known_messages = 0;  ///< placed, content already there
    std::uint64_t raw_bytes = 0;       ///< of all arrivals
    std::uint64_t placed = 0;
    std::uint64_t gone = 0;
    std::uint64_t flags = 0;
};

/// What search cannot find of the mail of a run, although the mail is safe in the vault.
struct IndexTrouble {
    std::uint64_t unread_documents = 0;  ///< attachments whose text could not be read
    std::string first_reason;
    std::string failure;  ///< why mail was committed without an index; empty when it was not
};

/// What came of one commit.
struct Commit {
    std::uint64_t seq = 0;
    crypto::Hash hash;
    std::uint64_t messages = 0;
    std::uint64_t raw_bytes = 0;
};

/// Thread-safe. Events of one account are applied in the order they were given; one background
/// thread does the work. When it fails (disk full, vault gone) every later call throws that error,
/// and nothing of the open commit is visible.
class Intake {
public:
    Intake(Ledger& ledger, const std::string& run_id, const IntakeOptions& options);
    ~Intake();  ///< without finish(): drops what is not committed

    /// Blocks while the queue is full.
    void message(Arrival arrival);
    /// A message already in the vault, known without its bytes (Gmail's ids).
    void placed(const crypto::AccountId& account, vault::Placed placed);
    /// Any other event of an account: folder, flags, gone, failed, account, record.
    void event(const crypto::AccountId& account, vault::Event event);
    /// After everything given before it for this folder is committed, the folder's cursor becomes
    /// this.
    void cursor(const crypto::AccountId& account, FolderId fid,
                const catalog::FolderCursor& cursor);

    /// Waits until everything given so far is committed. Commits even when little has come.
    void flush();

    AccountTally
    tally(const crypto::AccountId& account) const;  ///< exact after flush() or finish()

    IndexTrouble index_trouble() const;

    /// Commits the rest together with the run's end: one last journal entry.
    Commit finish(const vault::RunEnd& end);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::ledger
