#pragma once
// What the threads of one upload share: the work that waits, what became of it, and why it ends.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>

#include "target_flags.hpp"
#include "target_folder.hpp"

namespace mailhold::deliver {

/// A message read from the vault, on its way.
struct Parcel {
    std::size_t message = 0;  ///< number in the list of messages
    crypto::ContentId id;
    std::optional<InternalDate> date;
    Flags flags;  ///< as the target keeps them
    ByteBuffer raw;
    Print print;
    std::uint64_t beginning = 0;
    bool was_refused = false;  ///< alone, with its keywords
};

/// Parcels for one folder; they own their bytes until they are settled.
struct Batch {
    TargetFolder* folder = nullptr;
    std::vector<Parcel> parcels;
    std::uint64_t bytes = 0;
};

/// A message that the server has, or may have, and that was not read back.
struct Unplaced {
    TargetFolder* folder = nullptr;
    std::size_t message = 0;
    crypto::ContentId id;
    Print print;
    bool was_accepted = false;    ///< the server said OK; else the connection broke before it could
    std::optional<Uid> uid = {};  ///< where the server said that it put it
};

/// Thread-safe.
class UploadState {
public:
    /// All are borrowed.
    UploadState(std::span<const UploadMessage> messages, const UploadOptions& options,
                ProgressSink& progress, std::string address);

    // --- Batches from the one thread that reads to those that upload.
    /// Blocks while as many bytes are on their way as may be; false when the upload has ended.
    bool wait_for_room(std::uint64_t bytes);
    void put(Batch batch);
    void close();  ///< no more batches, until
    void reopen();
    std::optional<Batch> take();
    void give_back(Batch batch);       ///< to be tried by another connection
    void settle(std::uint64_t bytes);  ///< so many bytes are no longer on their way

    // --- Outcomes.
    void already_there(std::size_t message);
    void fail(std::size_t message, std::string why);
    /// Accepted by the server; nothing is known of what it stored yet.
    void uploaded(std::size_t message);
    /// What is there is equal but for line ends and NUL bytes.
    void verified(std::size_t message, const Print& sent, const Print& there);
    void merged();
    void changed_by_server();
    void left_out(const std::string& keyword);  ///< the server refused a message with it
    void reconnected();
    /// Batches that nobody took before all connections were given up.
    std::vector<std::size_t> take_untaken();
    void leave_unplaced(std::vector<Unplaced> unplaced);
    std::vector<Unplaced> take_unplaced();
    /// False, and the end of the upload, when the provider's day is used up.
    bool spend(std::uint64_t bytes);
    void take_back(std::uint64_t bytes);  ///< spent, and refused

    // --- The end.
    void end(UploadEnd end, std::string why);  ///< the first one counts
    bool has_ended() const;
    /// Called once, when all threads are done.
    UploadReport report();

private:
    void reached(std::size_t message);

    const std::span<const UploadMessage> messages_;
    const UploadOptions& options_;
    ProgressSink& progress_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Batch> waiting_;
    std::uint64_t bytes_on_their_way_ = 0;
    std::uint64_t budget_spent_ = 0;
    bool closed_ = false;
    bool ended_ = false;
    std::uint64_t rewritten_messages_ = 0;
    std::uint64_t redated_messages_ = 0;
    DroppedFlags left_out_;
    std::vector<Unplaced> unplaced_;
    UploadReport report_;
    ProgressEvent event_;
};

}  // namespace mailhold::deliver
