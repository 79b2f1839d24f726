// A spreadsheet's rows as [[account]] fields.

#include "mailhold/config/account_csv.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "csv.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/config/config.hpp"
#include "suggest.hpp"
#include "table_reader.hpp"

namespace mailhold::config {

namespace {

constexpr std::string_view columns[] = {
    "address",       "host",        "port",        "tls",   "user",    "role",
    "password",      "auth",        "preset",      "proxy", "ca_file", "password_command",
    "token_command", "connections", "archive_only"};

class Importer {
public:
    explicit Importer(std::string_view file_name) : file_(file_name) {}

    std::vector<AccountRow> read(const std::vector<CsvRow>& rows)
    {
        if (rows.empty())
            fail_at(file_, 1, "the file is empty",
                    "the first line names the columns, such as address,host,password");
        read_header(rows.front());
        std::vector<AccountRow> accounts;
        for (std::size_t i = 1; i < rows.size(); ++i)
            accounts.push_back(read_row(rows[i]));
        return accounts;
    }

private:
    void read_header(const CsvRow& row)
    {
        for (const std::string& cell : row.cells) {
            const std::string name = lower_case_address(trimmed(cell));
            if (std::find(std::begin(columns), std::end(columns), name) == std::end(columns))
                fail_at(file_, row.line, fmt::format("unknown column \"{}\"", name),
                        suggestion(name, columns));
            if (std::find(names_.begin(), names_.end(), name) != names_.end())
                fail_at(file_, row.line, fmt::format("column {} occurs twice", name),
                        "take one of the two out");
            names_.push_back(name);
        }
        if (std::find(names_.begin(), names_.end(), "address") == names_.end())
            fail_at(file_, row.line, "there is no column \"address\"",
                    "the first line names the columns, such as address,host,password");
    }

    AccountRow read_row(const CsvRow& row) const
    {
        if (row.cells.size() != names_.size())
            fail_at(
                file_, row.line,
                fmt::format("{} cells where the header has {}", row.cells.size(), names_.size()),
                "a cell that contains the separator must stand between quotes");
        AccountRow account;
        account.line = row.line;
        for (std::size_t i = 0; i < names_.size(); ++i)
            add_cell(account, names_[i], row.cells[i]);
        if (account.address.empty())
            fail_at(file_, row.line, "this row has no address", "every row needs one");
        return account;
    }

    void add_cell(AccountRow& account, const std::string& name, const std::string& cell) const
    {
        if (!is_utf8(cell))
            fail_at(file_, account.line, fmt::format("{} is not UTF-8", name),
                    "save the file as \"CSV UTF-8\"");
        if (name == "password") {
            account.password = cell;  // untrimmed: it may begin with a space
            return;
        }
        const std::string value = trimmed(cell);
        if (value.empty())
            return;
        if (name == "address")
            account.address = value;
        account.fields.push_back({name, value_of(account.line, name, value)});
    }

    FieldValue value_of(std::size_t line, const std::string& name, const std::string& value) const
    {
        if (name == "port" || name == "connections") {
            std::int64_t number = 0;
            const char* end = value.data() + value.size();
            const auto [rest, error] = std::from_chars(value.data(), end, number);
            if (error != std::errc() || rest != end)
                fail_at(file_, line, fmt::format("{} \"{}\" is not a whole number", name, value),
                        "write digits only");
            return number;
        }
        if (name == "archive_only") {
            if (value != "true" && value != "false")
                fail_at(file_, line,
                        fmt::format("archive_only \"{}\" is neither true nor false", value),
                        "write true or false");
            return value == "true";
        }
        return value;
    }

    static std::string trimmed(std::string_view text)
    {
        const std::size_t first = text.find_first_not_of(" \t");
        if (first == text.npos)
            return "";
        return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
    }

    std::filesystem::path file_;
    std::vector<std::string> names_;
};

/// Spreadsheets of other countries write semicolons.
char separator_of(std::string_view text)
{
    const std::string_view header = text.substr(0, text.find('\n'));
    for (const char candidate : {',', ';', '\t'})
        if (header.find(candidate) != header.npos)
            return candidate;
    return ',';
}

}  // namespace

std::vector<AccountRow> parse_account_csv(std::string_view text, std::string_view file_name)
{
    return Importer(file_name).read(parse_csv(text, separator_of(text), file_name));
}

}  // namespace mailhold::config
