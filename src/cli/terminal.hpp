#pragma once
// Output for people: tables, sizes, times, colours; and input that is not echoed.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/crypto/secret.hpp"

namespace mailhold::cli {

/// Asks on the controlling terminal without echo.
crypto::SecretBytes read_hidden_line(const std::string& prompt);

/// "1,234,567".
std::string with_thousands(std::uint64_t number);
/// "3.4 MB" (decimal units, as disks are sold).
std::string human_bytes(std::uint64_t bytes);
/// Local time to the minute: "2026-03-09 08:07".
std::string human_time(Time time);
/// "12.3 s", "4 min 10 s".
std::string human_seconds(double seconds);
/// "1 message", "2 messages"; `noun` takes a plain s.
std::string counted(std::uint64_t number, std::string_view noun);

enum class Style { plain, good, warning, bad, strong, dim };
/// Colours only when stdout is a terminal (or CLICOLOR_FORCE is set, for `less -R`), NO_COLOR is
/// unset and --no-color was not given.
void allow_colors(bool allowed);
std::string styled(std::string_view text, Style style);

/// Columns needed on a terminal: East Asian wide characters take two, combining marks none.
std::size_t columns_of(std::string_view utf8);
/// Exactly `columns` wide: padded with blanks, or cut with an ellipsis.
std::string fitted(std::string_view utf8, std::size_t columns);

/// A table with aligned columns; numbers to the right.
class Table {
public:
    enum class Align { left, right };
    explicit Table(std::vector<std::pair<std::string, Align>> columns)
        : columns_(std::move(columns))
    {
    }
    struct Cell {
        std::string text;
        Style style = Style::plain;
    };
    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    std::string str() const;

private:
    std::vector<std::pair<std::string, Align>> columns_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace mailhold::cli
