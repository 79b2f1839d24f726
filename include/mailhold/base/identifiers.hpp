#pragma once
// Numbers and small values that IMAP, the journal and the catalog share and that must not be mixed
// up.

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace mailhold {

/// RFC 3501 2.3.1.1. A Uid means nothing without the UidValidity it was read under.
enum class Uid : std::uint32_t {};
enum class UidValidity : std::uint32_t {};

/// Of folders made by `mailhold import`: a value that no server may give (RFC 3501 2.3.1.1), so
/// that a backup never takes one for a server's.
inline constexpr UidValidity imported_uid_validity{0};

/// RFC 7162 mod-sequence; 0 means unknown.
enum class ModSeq : std::uint64_t {};

/// A writer's number for one incarnation of a folder (docs/format.md, Journal).
enum class FolderId : std::uint64_t {};

/// Flags and keywords as the server spells them, sorted, without duplicates and without \Recent.
using Flags = std::vector<std::string>;

/// IMAP INTERNALDATE: an instant and the zone it was written in.
struct InternalDate {
    std::int64_t epoch_seconds = 0;
    int zone_minutes = 0;  ///< east of UTC, -1439..1439

    auto operator<=>(const InternalDate&) const = default;
};

/// Sorts, removes duplicates and \Recent (a session's flag, RFC 3501 2.3.2).
Flags normalised_flags(Flags flags);

}  // namespace mailhold
