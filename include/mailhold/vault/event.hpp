#pragma once
// The events of a journal entry and their JSON lines (docs/format.md, Journal).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/identifiers.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/crypto/types.hpp"
#include "mailhold/sealed/location.hpp"
#include "mailhold/sealed/stream.hpp"

namespace mailhold::vault {

struct ArchiveAdded {
    crypto::Hash object;
    std::uint64_t length = 0;
    ByteBuffer header;  ///< the object's whole header; readers use this copy
    sealed::BlockTable blocks;
};

struct MessageAdded {
    crypto::ContentId id;
    std::uint64_t size = 0;  ///< raw bytes
    sealed::Location at;
    bool spliced = false;  ///< the entry is messages/<id>.spliced
};

struct PartAdded {
    crypto::PartId id;
    std::uint64_t size = 0;  ///< stored bytes
    sealed::Location at;
};

struct AccountDescribed {
    crypto::AccountId id;
    std::string address;
    std::string role;
    std::string server;  ///< "host:port", for people
    bool archive_only = false;
};

struct FolderDescribed {
    FolderId fid{};
    crypto::AccountId account;
    std::string name;  ///< decoded, '/'-independent: exactly as imap::ListedFolder::name
    std::string wire_name;
    UidValidity uid_validity{};
    std::optional<char> separator;
    std::string use;    ///< special use such as "\\sent", or empty
    bool gone = false;  ///< the server no longer lists it
};

struct Placed {
    FolderId fid{};
    Uid uid{};
    crypto::ContentId id;
    std::optional<InternalDate> date;
    Flags flags;
    std::optional<std::uint64_t> gmail_message_id;
    std::vector<std::string>
        gmail_labels;  ///< all of them, also those hidden from IMAP (X-GM-LABELS)
};

struct FlagsChanged {
    FolderId fid{};
    Uid uid{};
    Flags flags;
};

struct Gone {
    FolderId fid{};
    std::vector<Uid> uids;  ///< written as ranges
};

struct Failed {
    FolderId fid{};
    Uid uid{};
    std::string why;
};

/// What one account's share of a run came to.
struct AccountResult {
    crypto::AccountId account;
    bool ok = false;
    std::uint64_t server_messages = 0;
    std::uint64_t archived_messages = 0;  ///< of those on the server now, how many the vault holds
    std::string error_class;              ///< empty when ok
    std::string error_text;
    std::string error_hint;
};

struct RunEnd {
    bool ok = false;
    std::vector<AccountResult> accounts;
};

/// A fact in a named space: purges, handover cases, ledgers.
struct Record {
    std::string space;
    std::string key;
    Json value;
};

/// A sealed index shard: the messages of the archives it covers can be found by search.
struct ShardAdded {
    crypto::Hash object;
    std::uint64_t length = 0;
    ByteBuffer header;
    sealed::BlockTable blocks;
    std::uint64_t schema = 0;  ///< the tokenizer's rules
    std::uint64_t documents = 0;
    std::vector<crypto::Hash> replaces;  ///< shards that are no longer needed beside it
    std::vector<crypto::Hash> covers;    ///< archives
};

/// A message or part has one more location. Honoured by readers, written by later versions.
struct Moved {
    std::array<std::byte, 32> id{};  ///< ContentId or PartId
    sealed::Location at;
};

/// A message or part was erased on purpose. Honoured by readers, written by later versions.
struct Erased {
    std::array<std::byte, 32> id{};  ///< ContentId or PartId
    std::string why;
};

/// Something must not be removed. Honoured by readers, written by later versions; `event` is the
/// whole line.
struct Hold {
    Json event;
};

using Event =
    std::variant<ArchiveAdded, MessageAdded, PartAdded, AccountDescribed, FolderDescribed, Placed,
                 FlagsChanged, Gone, Failed, RunEnd, Record, ShardAdded, Moved, Erased, Hold>;

/// Appends one LF-ended JSON line.
void append_line(std::string& out, const Event& event);

/// nullopt for an unknown event that says "optional": true. Throws too_new for any other unknown
/// one, malformed.
std::optional<Event> parse_line(std::string_view line);

}  // namespace mailhold::vault
