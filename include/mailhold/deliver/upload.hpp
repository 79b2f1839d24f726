#pragma once
// Mail into an IMAP account: what is there already is not added again, and what was added is read
// back and compared. Nothing on the target is ever changed or removed.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/identifiers.hpp"
#include "mailhold/base/progress.hpp"
#include "mailhold/crypto/types.hpp"
#include "mailhold/imap/door.hpp"

namespace mailhold::deliver {

/// Where a message shall be.
struct UploadFolder {
    std::vector<std::string> levels;  ///< UTF-8, from the top; "INBOX" alone is the inbox
    /// "\sent" …: the target's folder of that special use (RFC 6154) is taken, whatever its name;
    /// where it has none, and when empty, `levels` is.
    std::string use;
};

struct UploadMessage {
    std::uint32_t folder = 0;  ///< number in the list of folders
    crypto::ContentId id;
    std::optional<InternalDate> date;
    Flags flags;
    std::uint64_t size_bytes = 0;  ///< raw
};

/// What earlier uploads into this account are known to have put there, so that it need not be read
/// again. Losing it costs time, and a duplicate of what the server changed. Thread-safe.
class UploadMemory {
public:
    struct Known {
        Uid uid{};
        crypto::ContentId id;
        bool is_changed = false;  ///< the server keeps it otherwise than it was given
    };
    virtual ~UploadMemory() = default;
    /// Of one folder, by its name as the server spells it, under one UIDVALIDITY.
    virtual std::vector<Known> known(const std::string& wire_name, UidValidity uid_validity) = 0;
    /// Called after the messages were read back and compared.
    virtual void remember(const std::string& wire_name, UidValidity uid_validity,
                          const std::vector<Known>& verified) = 0;
};

struct UploadOptions {
    std::size_t batch_messages = 100;            ///< of one MULTIAPPEND
    std::uint64_t batch_bytes = 4 * mebibyte;    ///< a single larger message goes alone
    std::uint64_t memory_bytes = 48 * mebibyte;  ///< of messages on their way, over all connections
    std::optional<std::uint64_t> budget_bytes =
        {};  ///< most to upload in this run (provider's day)
    /// After a connection broke, before what it carried is looked for: a server goes on with what
    /// it has received.
    std::chrono::milliseconds settling_time{1'000};
    bool subscribe = true;  ///< to folders that were created
};

/// What became of one folder's name.
struct FolderTarget {
    std::string name;  ///< UTF-8, as people see it on the target
    std::string wire_name;
    bool exists = false;               ///< before the upload
    std::uint64_t messages_there = 0;  ///< before the upload
    std::string note;  ///< why it is not what was asked for ("the server reserves …"); else empty
};

struct Quota {
    std::uint64_t used_bytes = 0;
    std::uint64_t limit_bytes = 0;
};

/// The target before anything is uploaded.
struct Survey {
    std::vector<FolderTarget> folders;          ///< in the order of the folders asked for
    std::optional<std::uint64_t> append_limit;  ///< bytes of one message (RFC 7889)
    std::optional<Quota> quota;                 ///< RFC 9208; storage, the tightest root
};

struct FailedUpload {
    std::size_t message = 0;  ///< number in the list of messages
    std::string why;
};

enum class UploadEnd : std::uint8_t {
    complete,
    over_quota,    ///< the account is full (OVERQUOTA, or known before)
    budget_spent,  ///< UploadOptions::budget_bytes
    lost,          ///< the server could not be reached any more, or refuses further work
    stopped,       ///< as asked
};

struct UploadReport {
    std::uint64_t planned = 0;
    std::uint64_t uploaded = 0;       ///< accepted by the server
    std::uint64_t already_there = 0;  ///< found by content, or remembered
    std::uint64_t changed = 0;  ///< of uploaded and already_there: the server keeps it otherwise
    std::uint64_t merged = 0;  ///< accepted, and the server keeps them as one with an equal message
    std::uint64_t verified = 0;  ///< of uploaded and merged: read back, equal
    std::uint64_t bytes = 0;     ///< raw, of uploaded
    std::uint64_t biggest_bytes = 0;
    std::uint64_t reconnections = 0;
    std::uint64_t missing_bytes = 0;  ///< of planned messages that were not reached
    double seconds = 0;
    std::vector<FailedUpload> failed;
    std::vector<std::string>
        warnings;  ///< keywords that could not be kept, bytes the server rewrote …
    UploadEnd end = UploadEnd::complete;
    std::string why;  ///< of an end that is not complete

    /// Every planned message is on the target and was found equal there, in this run or before.
    bool is_whole() const
    {
        return end == UploadEnd::complete && failed.empty() && changed == 0 &&
               verified + already_there == planned;
    }
};

/// One upload into one account. Not for sharing by threads; it has its own.
class Upload {
public:
    /// Gives the raw bytes of a message; called from one thread at a time. What it throws with a
    /// kind that concerns one message (damaged, tampered, not_found, malformed) costs that message.
    using ReadMessage = std::function<ByteBuffer(const crypto::ContentId&)>;

    /// `memory` is borrowed.
    Upload(imap::Access access, std::vector<UploadFolder> folders, UploadOptions options,
           UploadMemory& memory);
    ~Upload();

    /// Logs in, and finds out where everything would go. Changes nothing. Throws imap::LoginError,
    /// refused, unreachable, malformed, interrupted.
    const Survey& survey(const std::stop_token& stop);

    /// Uploads what is missing. After survey(), or does it first. Two equal messages in one folder
    /// are two there, too. Trouble with messages, folders and the connection is in the report;
    /// throws what survey() throws, and what ReadMessage throws that concerns more than one
    /// message.
    [[nodiscard]] UploadReport run(std::span<const UploadMessage> messages, const ReadMessage& read,
                                   ProgressSink& progress, const std::stop_token& stop);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::deliver
