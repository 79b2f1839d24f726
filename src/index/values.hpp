#pragma once
// The value slots of a document (docs/format.md, Shards): what results are filtered, sorted and
// counted by.

#include <cstdint>
#include <string>
#include <string_view>

#include <xapian.h>

#include "mailhold/index/query.hpp"

namespace mailhold::index {

/// A search that sorts reads much of the column of dates, so that nothing else stands in it.
inline constexpr Xapian::valueno date_slot = 0;       ///< 5 bytes
inline constexpr Xapian::valueno id_prefix_slot = 1;  ///< the id's first 8 bytes
inline constexpr Xapian::valueno id_rest_slot = 2;    ///< its other 24 bytes
inline constexpr Xapian::valueno size_slot = 3;       ///< raw bytes of the message (5 bytes)
/// Only of the last document of a group, which begins behind that of the group before: the newest
/// date in it.
inline constexpr Xapian::valueno group_newest_slot = 4;
/// What results show (card.hpp). Not the document's data, which Xapian compresses one by one:
/// blocks of the sealed stream are smaller without, and making them is faster.
inline constexpr Xapian::valueno card_slot = 5;
/// Only of the first document of a stretch (places.hpp), which ends before the next one.
inline constexpr Xapian::valueno stretch_slot = 6;

inline constexpr std::size_t number_bytes = 5;
inline constexpr std::int64_t max_size = (std::int64_t{1} << 40) - 1;
inline constexpr std::int64_t max_date = (std::int64_t{1} << 39) - 1;  ///< about the year 19391
inline constexpr std::int64_t min_date = -max_date - 1;

/// Sort as bytes as the numbers do. What is out of range becomes the nearest that is in it.
std::string date_value(std::int64_t date);
std::string size_value(std::int64_t size_bytes);

/// 8 random bytes.
std::string new_stretch();
/// Of the metadata that says where a term stands in a stretch.
std::string places_key(std::string_view term, std::string_view stretch);

std::string id_prefix_value(const crypto::ContentId& id);
std::string id_rest_value(const crypto::ContentId& id);

/// All throw damaged for a value of a wrong length.
std::int64_t date_of(std::string_view date_value);
IdPrefix id_prefix_of(std::string_view id_prefix_value);
crypto::ContentId id_of(const std::string& id_prefix_value, const std::string& id_rest_value);
std::uint64_t size_of(std::string_view size_value);

}  // namespace mailhold::index
