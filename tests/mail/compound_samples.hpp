#pragma once
// Compound files, and the documents of old programs in them, written by hand.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailhold::test {

/// Streams by their paths ("storage/stream"); short ones in small sectors, as it must be.
std::string compound_file(const std::vector<std::pair<std::string, std::string>>& streams);

/// "text" as UTF-16LE; ASCII and Chinese of the basic plane.
std::string utf16(std::string_view utf8);

/// Little-endian.
std::string le16(unsigned value);
std::string le32(unsigned value);

/// A .doc of two pieces: one of a byte a character, one of two.
std::string doc(std::string_view latin, std::string_view other);

/// Type, length, data.
std::string excel_record(unsigned type, std::string_view data);
/// The streams of an .xls of one sheet from the records between its begin and end.
std::string xls(std::string_view globals, std::string_view cells);

}  // namespace mailhold::test
