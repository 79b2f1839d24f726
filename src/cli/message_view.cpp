// Names in one column, values in the other; text as the author broke it.

#include "message_view.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/json.hpp"

#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::size_t name_columns = 9;
constexpr std::size_t longest_introduction = 200;  ///< bytes of a line such as "On … wrote:"
constexpr std::size_t most_file_name_columns = 48;

/// Mail decides nothing about the terminal: control characters other than tabs are shown escaped.
std::string safe_line(std::string_view line)
{
    std::string out;
    for (;;) {
        const std::size_t tab = line.find('\t');
        out += printable(line.substr(0, tab));
        if (tab == std::string_view::npos)
            return out;
        out += '\t';
        line.remove_prefix(tab + 1);
    }
}

void add_field(std::string& out, std::string_view name, const std::string& value)
{
    if (!value.empty())
        out += styled(fitted(name, name_columns), Style::strong) + printable(value) + '\n';
}

/// One correspondent a line where there are several, under each other.
void add_people(std::string& out, std::string_view name, const std::vector<std::string>& people)
{
    for (std::size_t i = 0; i < people.size(); ++i)
        add_field(out, i == 0 ? name : "", people[i] + (i + 1 < people.size() ? "," : ""));
}

std::string place_text(const Lying& place)
{
    std::string text = place.address + "/" + place.folder;
    if (!place.placement.flags.empty())
        text += fmt::format("  {}", fmt::join(place.placement.flags, " "));
    if (place.placement.gone_since)
        text += fmt::format("  (gone from the server since {})",
                            human_time(*place.placement.gone_since));
    return text;
}

bool is_quoted(std::string_view line)
{
    const std::size_t begin = line.find_first_not_of(' ');
    return begin < 2 && line[begin] == '>';
}

/// Ends like what mail programs write above a quote.
bool introduces(std::string_view line)
{
    static constexpr std::array<std::string_view, 8> ends = {
        "wrote:", "writes:", "schrieb:", "a écrit :", "escribió:", "写道：", "写道:", "寫道："};
    const std::size_t last = line.find_last_not_of(" \t");
    if (last == std::string_view::npos || line.size() > longest_introduction)
        return false;
    line = line.substr(0, last + 1);
    return std::ranges::any_of(ends, [&](std::string_view end) { return line.ends_with(end); });
}

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

/// Whether a quote comes next, blank lines aside.
bool quote_follows(const std::vector<std::string_view>& lines, std::size_t line)
{
    const auto next = std::find_if(
        lines.begin() + static_cast<std::ptrdiff_t>(line) + 1, lines.end(),
        [](std::string_view l) { return l.find_first_not_of(" \t") != std::string_view::npos; });
    return next != lines.end() && is_quoted(*next);
}

std::string attachment_list(const std::vector<mail::Attachment>& attachments, const std::string& id)
{
    using enum Table::Align;
    Table table({{"", right}, {"attachment", left}, {"type", left}, {"size", right}});
    for (const mail::Attachment& attachment : attachments) {
        std::string name =
            printable(attachment.file_name.empty() ? "(no name)" : attachment.file_name);
        if (columns_of(name) > most_file_name_columns)
            name = fitted(name, most_file_name_columns);
        table.add({{std::to_string(attachment.number)},
                   {std::move(name)},
                   {printable(attachment.media_type)},
                   {human_bytes(attachment.size_bytes)}});
    }
    return table.str() + fmt::format("Save one: mailhold show {} --part {} -o FILE\n", id,
                                     attachments.front().number);
}

}  // namespace

std::string date_with_zone(const InternalDate& date)
{
    std::string text = format_rfc3339(date);
    if (const std::size_t t = text.find('T'); t != std::string::npos)
        text[t] = ' ';
    // 2024-02-29 23:59:59+08:00: the seconds tell nobody anything, the zone does.
    constexpr std::size_t minutes_end = 16;
    constexpr std::size_t seconds_end = 19;
    if (text.size() < seconds_end)
        return text;
    const std::string zone = text.substr(seconds_end);
    return text.substr(0, minutes_end) + " " + (zone == "Z" ? "+00:00" : zone);
}

std::string text_with_quotes_dimmed(std::string_view text)
{
    const std::vector<std::string_view> lines = lines_of(text);
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const bool is_dim =
            is_quoted(lines[i]) || (introduces(lines[i]) && quote_follows(lines, i));
        out += styled(safe_line(lines[i]), is_dim ? Style::dim : Style::plain) + '\n';
    }
    return out;
}

std::string message_for_terminal(const MessageView& view)
{
    const mail::Readable& message = view.message;
    const std::string id = view.id.hex().substr(0, 12);
    std::string out;
    add_field(out, "From", message.from);
    add_people(out, "To", message.to);
    add_people(out, "Cc", message.cc);
    add_field(out, "Date", message.date ? date_with_zone(*message.date) : "");
    add_field(out, "Subject", message.subject);
    for (std::size_t i = 0; i < view.places.size(); ++i)
        add_field(out, i == 0 ? "In" : "", place_text(view.places[i]));
    add_field(out, "Id", fmt::format("{}  ({})", id, human_bytes(view.size_bytes)));
    out += '\n' + text_with_quotes_dimmed(message.text);
    if (!message.attachments.empty())
        out += '\n' + attachment_list(message.attachments, id);
    return out;
}

}  // namespace mailhold::cli
