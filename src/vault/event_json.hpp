#pragma once
// Pieces that several events' JSON share: hashes, locations, block tables, flags, ranges of UIDs.

#include <string>
#include <string_view>
#include <vector>

#include "mailhold/vault/event.hpp"
#include "mailhold/vault/journal.hpp"

namespace mailhold::vault {

/// A journal line is at most this long (docs/format.md, Journal).
inline constexpr std::size_t max_line_bytes = 1 * mebibyte;

/// The first line of an entry.
void append_entry_line(std::string& out, const EntryInfo& info);
/// Throws malformed when `line` is no entry event.
EntryInfo parse_entry_line(std::string_view line);

/// "1:4,7": sorted, without duplicates.
std::string uid_ranges(std::vector<Uid> uids);
/// The inverse. Throws malformed; also for more than ten million UIDs, before memory is taken.
std::vector<Uid> uids_of_ranges(std::string_view text);

/// A fixed-size value from hex. Throws malformed.
template <class Id>
Id id_of(const Json& json)
{
    if (const auto id = Id::from_hex(json.as_string()))
        return *id;
    throw Error(ErrorKind::malformed, "a hash or id is not the hex digits it should be");
}

/// Throws malformed unless `json` is an integer in [least, most].
std::uint64_t number_of(const Json& json, std::uint64_t least, std::uint64_t most);

/// Bytes from base64. Throws malformed.
ByteBuffer base64_of(const Json& json);

}  // namespace mailhold::vault
