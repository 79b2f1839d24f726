// Flags in headers: mutt's, pine's and Dovecot's letters, Thunderbird's numbers.

#include "status_headers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "mailhold/base/ascii.hpp"

namespace mailhold::import_export {

namespace {

constexpr std::size_t longest_flag = 255;

constexpr std::array<std::pair<char, std::string_view>, 1> status_letters = {{{'R', "\\Seen"}}};
constexpr std::array<std::pair<char, std::string_view>, 4> x_status_letters = {
    {{'A', "\\Answered"}, {'F', "\\Flagged"}, {'T', "\\Draft"}, {'D', "\\Deleted"}}};

/// nsMsgMessageFlags of Thunderbird. Expunged means: deleted, the file not compacted yet.
constexpr std::array<std::pair<unsigned, std::string_view>, 5> mozilla_bits = {
    {{0x0001, "\\Seen"},
     {0x0002, "\\Answered"},
     {0x0004, "\\Flagged"},
     {0x0008, "\\Deleted"},
     {0x1000, "$Forwarded"}}};

template <class Letters>
void add_letters(std::string_view value, const Letters& letters, Flags& flags)
{
    for (const auto& [letter, flag] : letters)
        if (value.find(letter) != std::string_view::npos)
            flags.emplace_back(flag);
}

void add_mozilla_status(std::string_view value, Flags& flags)
{
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bits, 16);
    if (error != std::errc{})
        return;
    for (const auto& [bit, flag] : mozilla_bits)
        if ((bits & bit) != 0)
            flags.emplace_back(flag);
}

void add_keywords(std::string_view value, Flags& flags)
{
    while (!value.empty()) {
        const std::size_t end = std::min(value.find_first_of(" \t,"), value.size());
        const std::string_view word = value.substr(0, end);
        if (is_flag(word) && word.front() != '\\')
            flags.emplace_back(word);
        value.remove_prefix(std::min(end + 1, value.size()));
    }
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

Flags flags_of_header(std::string_view header)
{
    Flags flags;
    if (const auto value = field_of_header(header, "status"))
        add_letters(*value, status_letters, flags);
    if (const auto value = field_of_header(header, "x-status"))
        add_letters(*value, x_status_letters, flags);
    if (const auto value = field_of_header(header, "x-mozilla-status"))
        add_mozilla_status(*value, flags);
    for (const char* name : {"x-keywords", "x-mozilla-keys"})
        if (const auto value = field_of_header(header, name))
            add_keywords(*value, flags);
    return normalised_flags(std::move(flags));
}

std::optional<std::string_view> field_of_header(std::string_view header, std::string_view name)
{
    while (!header.empty()) {
        const std::size_t end = std::min(header.find('\n'), header.size() - 1) + 1;
        const std::string_view line = header.substr(0, end);
        if (line.size() > name.size() && line[name.size()] == ':' &&
            lower_case(line.substr(0, name.size())) == name)
            return trimmed(line.substr(name.size() + 1));
        header.remove_prefix(end);
    }
    return std::nullopt;
}

bool begins_with_field(std::string_view text)
{
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return false;
    return std::ranges::all_of(text.substr(0, colon), [](char c) { return c > ' ' && c < 0x7f; });
}

bool looks_like_mail(std::string_view text)
{
    constexpr std::array<std::string_view, 7> usual = {
        "return-path", "received", "delivered-to", "from", "subject", "date", "message-id"};
    const std::string_view header =
        text.substr(0, std::min(text.find("\n\n"), text.find("\n\r\n")));
    return begins_with_field(text) && std::ranges::count_if(usual, [&](std::string_view name) {
                                          return field_of_header(header, name).has_value();
                                      }) >= 2;
}

bool is_flag(std::string_view text)
{
    return !text.empty() && text.size() <= longest_flag && std::ranges::all_of(text, [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != 0x7f;
    });
}

}  // namespace mailhold::import_export
