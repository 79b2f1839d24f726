#pragma once
// What an IMAP server tells us, as values (RFC 3501, 9051, 7162, 6154, 5819, 2971, Gmail's
// X-GM-EXT-1).

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/identifiers.hpp"

namespace mailhold::imap {

/// Limits on what a server may make us hold. A literal over max_literal_bytes is refused by
/// dropping the connection; anything else over its limit is malformed.
struct Limits {
    std::uint64_t max_literal_bytes = 256 * mebibyte;
    std::uint64_t max_line_bytes = 1 * mebibyte;  ///< a response without its literals
    std::size_t max_nesting = 64;
};

/// A folder's counters, from STATUS, LIST-STATUS or EXAMINE; nullopt: not told.
struct FolderStatus {
    std::optional<std::uint32_t> messages{};
    std::optional<Uid> uid_next{};
    std::optional<UidValidity> uid_validity{};
    std::optional<ModSeq> highest_modseq{};  ///< nullopt also for NOMODSEQ
};

struct ListedFolder {
    std::string wire_name{};  ///< exactly as the server spelled it; what commands take
    std::string name{};       ///< modified UTF-7 decoded to UTF-8; the wire name where that fails
    std::optional<char> separator{};
    std::set<std::string> attributes{};  ///< lower case: "\noselect", "\sent", "\all" …
    std::optional<FolderStatus> status{};

    bool selectable() const
    {
        return !attributes.contains("\\noselect") && !attributes.contains("\\nonexistent");
    }
};

/// One message's data of a FETCH response; what was not told is nullopt.
struct Fetched {
    std::optional<Uid> uid{};
    std::optional<Flags> flags{};
    std::optional<InternalDate> internal_date{};
    std::optional<std::uint64_t> rfc822_size{};
    std::optional<ModSeq> modseq{};
    std::optional<std::uint64_t> gmail_message_id{};
    std::optional<std::vector<std::string>> gmail_labels{};  ///< decoded
    std::optional<ByteBuffer> body{};  ///< BODY[]; NIL, "" and {0} are an empty buffer
};

/// A run of UIDs, both ends included.
struct UidRange {
    Uid first{};
    Uid last{};
    bool operator==(const UidRange&) const = default;
};

/// Sorted, disjoint ranges as compactly as possible, from sorted unique UIDs.
std::vector<UidRange> ranges_of(const std::vector<Uid>& sorted_uids);
/// "1:4,7,9:12". Long sets are cut by the caller into several commands (see Client::fetch).
std::string to_sequence_set(const std::vector<UidRange>& ranges);

}  // namespace mailhold::imap
