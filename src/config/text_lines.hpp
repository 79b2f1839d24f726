#pragma once
// A text as lines, edited by the positions that the TOML parser reports.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailhold::config {

/// Both count from 1; columns are characters, not bytes.
struct TextPosition {
    std::size_t line = 1;
    std::size_t column = 1;
};

/// "\r\n" when the first line ends so, else "\n".
std::string_view line_end_of(std::string_view text);

class TextLines {
public:
    explicit TextLines(std::string_view text);

    /// What stands from `begin` up to, not including, `end`.
    void replace(TextPosition begin, TextPosition end, std::string_view with);
    void insert_after(std::size_t line, std::string_view new_line);
    void erase(std::size_t first, std::size_t last);
    /// Where lines were erased at `line`: leaves one blank line, not two.
    void join_blank_lines(std::size_t line);

    std::string text() const;

private:
    std::size_t offset_in_line(TextPosition position) const;

    std::vector<std::string> lines_;  ///< each with its line end
    std::string_view line_end_;
};

}  // namespace mailhold::config
