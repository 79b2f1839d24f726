#pragma once
// Comma-separated values (RFC 4180).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailhold::config {

struct CsvRow {
    std::size_t line = 1;  ///< on which it starts
    std::vector<std::string> cells;
};

/// All rows but blank lines. Accepts LF for CRLF and a byte order mark. Throws usage ("file:line:
/// why").
std::vector<CsvRow> parse_csv(std::string_view text, char separator, std::string_view file_name);

}  // namespace mailhold::config
