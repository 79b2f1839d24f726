#pragma once
// The value slots of a document (docs/format.md, Shards): what results are filtered, sorted and
// counted by.

#include <cstdint>
#include <string>
#include <string_view>

#include <xapian.h>

#include "mailhold/index/query.hpp"

namespace mailhold::index {

/// Date and id prefix stand in one slot: a match costs one lookup to be sorted, and to be counted
/// once.
inline constexpr Xapian::valueno order_slot = 0;    ///< date (5 bytes), id prefix (8 bytes)
inline constexpr Xapian::valueno id_rest_slot = 1;  ///< the id's other 24 bytes
inline constexpr Xapian::valueno size_slot = 2;     ///< raw bytes of the message (5 bytes)

inline constexpr std::size_t number_bytes = 5;
inline constexpr std::size_t order_bytes = number_bytes + 8;
inline constexpr std::int64_t max_size = (std::int64_t{1} << 40) - 1;
inline constexpr std::int64_t max_date = (std::int64_t{1} << 39) - 1;  ///< about the year 19391
inline constexpr std::int64_t min_date = -max_date - 1;

/// Sort as bytes as the numbers do. What is out of range becomes the nearest that is in it.
std::string date_value(std::int64_t date);
std::string size_value(std::int64_t size_bytes);

std::string order_value(std::int64_t date, const crypto::ContentId& id);
std::string id_rest_value(const crypto::ContentId& id);

/// All throw damaged for a value of a wrong length.
std::int64_t date_of(std::string_view order_value);
IdPrefix id_prefix_of(std::string_view order_value);
crypto::ContentId id_of(std::string_view order_value, std::string_view id_rest_value);
std::uint64_t size_of(std::string_view size_value);

}  // namespace mailhold::index
