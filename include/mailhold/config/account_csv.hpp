#pragma once
// Lists of accounts as spreadsheets save them (RFC 4180), for `account import`.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/config/edit.hpp"

namespace mailhold::config {

struct AccountRow {
    std::size_t line = 0;  ///< in the CSV file
    std::string address;   ///< also among the fields
    Fields fields;         ///< ready for add_accounts; empty cells are left out
    std::string password;  ///< empty when the file has none; the caller moves it into locked memory
};

/// A header line names the columns: address and any other key of an [[account]] (exclude apart),
/// and password. Separated by commas, semicolons or tabs, whichever the header uses. Throws usage
/// with file and line.
std::vector<AccountRow> parse_account_csv(std::string_view text, std::string_view file_name);

}  // namespace mailhold::config
