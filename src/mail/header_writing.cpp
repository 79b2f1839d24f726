// Everything is folded at its blanks, so that no line is longer than it should be (RFC 5322 2.1.1).

#include "header_writing.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "charset.hpp"
#include "mailhold/base/calendar_names.hpp"
#include "mailhold/base/encoding.hpp"
#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t line_characters = 76;
constexpr std::size_t word_bytes = 39;        // 52 characters of base64
constexpr std::size_t parameter_bytes = 150;  // of a value, 60 characters a line where it is coded

/// Readers lose a name that no address follows; this one can be nobody's (RFC 2606 2).
constexpr std::string_view no_address = "unknown@unknown.invalid";

bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c < 127; });
}

/// Encoded words, parted by the blanks at which a field may be folded.
std::string encoded_words(std::string_view utf8)
{
    std::string words;
    while (!utf8.empty()) {
        const std::string_view piece = utf8_prefix(utf8, word_bytes);
        words +=
            fmt::format("{}=?utf-8?B?{}?=", words.empty() ? "" : " ", to_base64(bytes_of(piece)));
        utf8.remove_prefix(piece.size());
    }
    return words;
}

/// As it is, where a reader would not take it for something else or lose blanks at its ends.
std::string unstructured(std::string_view utf8)
{
    const bool is_plain = is_ascii(utf8) && utf8.find("=?") == std::string_view::npos &&
                          !utf8.starts_with(' ') && !utf8.ends_with(' ');
    return is_plain ? std::string(utf8) : encoded_words(utf8);
}

std::string phrase(std::string_view utf8)
{
    return is_ascii(utf8) && utf8.find("=?") == std::string_view::npos ? quoted_string(utf8)
                                                                       : encoded_words(utf8);
}

/// No blank, control character or bracket may stand in one.
std::string clean_address(std::string_view address)
{
    std::string out;
    for (const char c : address)
        if (static_cast<unsigned char>(c) > ' ' && c != 127 && c != '<' && c != '>' && c != ',' &&
            c != ';')
            out += c;
    return out;
}

std::string written(const Mailbox& mailbox)
{
    const std::string address = clean_address(mailbox.address);
    const std::string name = single_line(mailbox.name);
    if (address.find('@') == std::string::npos)
        return name.empty() ? std::string() : fmt::format("{} <{}>", phrase(name), no_address);
    return name.empty() || name == address ? address
                                           : fmt::format("{} <{}>", phrase(name), address);
}

/// Breaks a line before a blank when what follows would make it too long. A fold inside a quoted
/// text is none of its characters, so that it may be broken there too.
std::string folded(std::string_view name, std::string_view value)
{
    std::string out = fmt::format("{}:", name);
    std::size_t column = out.size();
    while (!value.empty()) {
        const std::size_t end = std::min(value.find(' ', 1), value.size());
        const std::string_view word = value.substr(0, end);
        // A line of blanks alone would end the header for some readers.
        if (column + word.size() > line_characters && column > name.size() + 1 && word != " ") {
            out += "\r\n";
            column = 0;
        }
        out += word;
        column += word.size();
        value.remove_prefix(end);
    }
    return out + "\r\n";
}

std::string percent_coded(std::string_view bytes)
{
    std::string out;
    for (const unsigned char c : bytes) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                              (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
        out += is_plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
    }
    return out;
}

}  // namespace

std::string quoted_string(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string text_field(std::string_view name, std::string_view text)
{
    const std::string line = single_line(text);
    return line.empty() ? std::string() : folded(name, " " + unstructured(line));
}

std::string mailbox_field(std::string_view name, const std::vector<Mailbox>& mailboxes)
{
    std::string value;
    for (const Mailbox& mailbox : mailboxes)
        if (const std::string one = written(mailbox); !one.empty())
            value += (value.empty() ? " " : ", ") + one;
    return value.empty() ? std::string() : folded(name, value);
}

std::string token_field(std::string_view name, std::string_view tokens)
{
    const std::string line = single_line(tokens);
    if (line.empty() || !is_ascii(line))
        return {};
    return folded(name, " " + line);
}

std::string date_field(std::int64_t epoch_seconds)
{
    using namespace std::chrono;
    const sys_seconds instant{seconds(epoch_seconds)};
    const sys_days day = floor<std::chrono::days>(instant);
    const year_month_day date{day};
    const hh_mm_ss time{instant - day};
    return fmt::format("Date: {}, {} {} {:04} {:02}:{:02}:{:02} +0000\r\n",
                       week_day_names.at(weekday(day).c_encoding()), unsigned(date.day()),
                       month_names.at(unsigned(date.month()) - 1), int(date.year()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string parameter(std::string_view name, std::string_view value)
{
    const std::string line = single_line(value);
    std::string_view rest = utf8_prefix(line, 1'000);
    if (rest.empty())
        return {};
    if (is_ascii(rest) && rest.size() <= parameter_bytes)
        return fmt::format(";\r\n {}={}", name, quoted_string(rest));
    std::string out;
    for (unsigned number = 0; !rest.empty(); ++number) {
        const std::string_view piece = utf8_prefix(rest, 18);
        out += fmt::format(";\r\n {}*{}*={}{}", name, number, number == 0 ? "utf-8''" : "",
                           percent_coded(piece));
        rest.remove_prefix(piece.size());
    }
    return out;
}

}  // namespace mailhold::mail
