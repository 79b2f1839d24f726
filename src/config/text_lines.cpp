// Edits of a text by line and column.

#include "text_lines.hpp"

#include <iterator>

namespace mailhold::config {

namespace {

bool is_blank(std::string_view line)
{
    return line.find_first_not_of(" \t\r\n") == line.npos;
}

}  // namespace

std::string_view line_end_of(std::string_view text)
{
    const std::size_t end = text.find('\n');
    return end != text.npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

TextLines::TextLines(std::string_view text) : line_end_(line_end_of(text))
{
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t size = end == text.npos ? text.size() : end + 1;
        lines_.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
}

std::size_t TextLines::offset_in_line(TextPosition position) const
{
    const std::string& line = lines_.at(position.line - 1);
    std::size_t characters = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool starts_character = (static_cast<unsigned char>(line[i]) & 0xc0) != 0x80;
        if (starts_character && ++characters == position.column)
            return i;
    }
    return line.size();
}

void TextLines::replace(TextPosition begin, TextPosition end, std::string_view with)
{
    const std::string head = lines_.at(begin.line - 1).substr(0, offset_in_line(begin));
    const std::string tail = lines_.at(end.line - 1).substr(offset_in_line(end));
    erase(begin.line + 1, end.line);
    lines_[begin.line - 1] = head + std::string(with) + tail;
}

void TextLines::insert_after(std::size_t line, std::string_view new_line)
{
    if (!lines_.at(line - 1).ends_with('\n'))
        lines_[line - 1] += line_end_;
    const auto at = std::next(lines_.begin(), static_cast<std::ptrdiff_t>(line));
    lines_.insert(at, std::string(new_line) + std::string(line_end_));
}

void TextLines::erase(std::size_t first, std::size_t last)
{
    if (first > last)
        return;
    lines_.erase(std::next(lines_.begin(), static_cast<std::ptrdiff_t>(first) - 1),
                 std::next(lines_.begin(), static_cast<std::ptrdiff_t>(last)));
}

void TextLines::join_blank_lines(std::size_t line)
{
    const bool blank_before = line >= 2 && is_blank(lines_[line - 2]);
    const bool at_end = line > lines_.size();
    if (blank_before && (at_end || is_blank(lines_[line - 1])))
        erase(line - 1, line - 1);
}

std::string TextLines::text() const
{
    std::string text;
    for (const std::string& line : lines_)
        text += line;
    return text;
}

}  // namespace mailhold::config
