// A line that ends in a blank goes on in the next one of the same quote depth.

#include "flowed.hpp"

#include <algorithm>
#include <optional>

namespace mailhold::mail {

namespace {

struct Line {
    std::size_t depth = 0;  ///< quote marks
    std::string_view text;  ///< behind them, without the stuffed blank
    bool is_flowed = false;
};

Line read_line(std::string_view line)
{
    Line out;
    out.depth = std::min(line.find_first_not_of('>'), line.size());
    out.text = line.substr(out.depth);
    if (out.text.starts_with(' '))
        out.text.remove_prefix(1);
    // The line above a signature is no paragraph (RFC 3676 4.3).
    out.is_flowed = out.text.ends_with(' ') && out.text != "-- ";
    return out;
}

/// The first line of `text`, which is taken from it.
Line take_line(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    const Line line = read_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace

std::string unflowed(std::string_view text, bool deletes_spaces)
{
    std::string out;
    out.reserve(text.size());
    std::optional<std::size_t> flowing;  // quote depth of the paragraph that goes on
    while (!text.empty()) {
        Line line = take_line(text);
        const bool goes_on = flowing == line.depth && line.text != "-- ";
        if (flowing && !goes_on)
            out += '\n';
        if (!goes_on && line.depth > 0)
            out.append(line.depth, '>').append(" ");
        if (line.is_flowed && deletes_spaces)
            line.text.remove_suffix(1);
        out += line.text;
        flowing = line.is_flowed ? std::optional(line.depth) : std::nullopt;
        if (!flowing)
            out += '\n';
    }
    return out;
}

}  // namespace mailhold::mail
