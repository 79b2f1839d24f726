#pragma once
// A pipelining IMAP client that only ever reads: EXAMINE and BODY.PEEK[], never SELECT or STORE.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/imap/types.hpp"
#include "mailhold/net/connection.hpp"

namespace mailhold::imap {

struct ClientOptions {
    Limits limits{};
    net::Timeouts timeouts{};
    bool compress = true;  ///< COMPRESS=DEFLATE when advertised; not on loopback
    bool compress_on_loopback = false;
    std::vector<std::string>
        ignored_capabilities{};  ///< advertised but known broken with this provider
};

struct Namespace {
    std::string prefix{};  ///< wire form
    std::optional<char> separator{};
};

/// What EXAMINE answered. With QRESYNC also what changed since the cursor.
struct ExaminedFolder {
    std::uint32_t exists = 0;
    UidValidity uid_validity{};
    std::optional<Uid> uid_next{};
    std::optional<ModSeq> highest_modseq{};
    std::vector<UidRange> vanished{};  ///< VANISHED (EARLIER)
    std::vector<Fetched> changed{};    ///< flags since the cursor, in answer to QRESYNC
    bool resynced = false;  ///< the server honoured QRESYNC: vanished and changed are complete
};

struct QresyncCursor {
    UidValidity uid_validity{};
    ModSeq modseq{};
};

struct FetchItems {
    bool flags = true;
    bool internal_date = false;
    bool size = false;
    bool modseq = false;                    ///< ignored without CONDSTORE
    bool gmail = false;                     ///< X-GM-MSGID and X-GM-LABELS
    bool body = false;                      ///< BODY.PEEK[]
    std::uint32_t body_bytes = 0;           ///< of the body only so many from its start; 0: all
    std::optional<ModSeq> changed_since{};  ///< CONDSTORE only
};

/// One logged-in session. Not for sharing by threads. Errors: `refused` (NO, with the server's
/// text; the session goes on), `malformed` (the server broke the protocol, or BAD; the session is
/// spent), `unreachable` (connection lost, BYE, time is up; spent), `interrupted`. Unsolicited
/// responses are folded into what they concern.
class Client {
public:
    Client(std::unique_ptr<net::Connection> connection, ClientOptions options);
    ~Client();

    /// CAPABILITY, then ID when advertised (RFC 2971; some providers refuse folders without it),
    /// ENABLE QRESYNC or CONDSTORE, COMPRESS. Call once, first.
    void prepare();
    bool has(std::string_view capability) const;

    std::vector<Namespace> personal_namespaces();

    /// All folders; with counters in one command where LIST-STATUS is advertised. SPECIAL-USE
    /// attributes where told.
    std::vector<ListedFolder> list_folders();
    /// STATUS for each of `names` (wire form), pipelined. A folder that answers NO has nullopt.
    std::vector<std::optional<FolderStatus>> status(const std::vector<std::string>& names);

    /// Opens read-only. `refused` when the folder is gone. After a failure no folder is open.
    ExaminedFolder examine(const std::string& wire_name, std::optional<QresyncCursor> cursor = {});

    /// All UIDs of the open folder, sorted, through UID FETCH 1:* (UID); SEARCH is not to be
    /// trusted.
    std::vector<Uid> all_uids();

    /// UID FETCH of `uids` in the open folder, pipelined in commands of bounded length and count;
    /// `sink` gets each message once, with everything asked for merged, in the order it is
    /// complete. UIDs that the server no longer has are simply not given. With `changed_since` and
    /// QRESYNC, `vanished` receives VANISHED (EARLIER) ranges. A message that fails alone (NO to
    /// its fetch) goes to `failed` and the rest goes on.
    struct FetchHandlers {
        std::function<void(Fetched&&)> message{};
        std::function<void(Uid, std::string why)> failed{};
        std::function<void(const UidRange&)> vanished{};
    };
    void fetch(const std::vector<UidRange>& uids, const FetchItems& items, const FetchHandlers& to);

    /// After fetch() threw: the message whose data was arriving, where its UID had come. Tells
    /// which one to try alone when a server hangs up at a message it cannot read, or when a literal
    /// is over the limit.
    std::optional<Uid> interrupted_message() const;

    /// UIDs that EXPUNGE or VANISHED said went away while the folder was open are not known by
    /// number here; the count tells that a later listing is due.
    std::uint32_t expunged_since_examine() const;

    void noop();
    void logout() noexcept;

    std::uint64_t bytes_received() const;

private:
    friend class Uploader;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::imap
