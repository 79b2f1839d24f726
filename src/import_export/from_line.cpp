// "From alice@example.com Thu Feb 29 15:59:59 2024", in all its spellings.

#include "from_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <span>
#include <vector>

#include "mailhold/base/calendar_names.hpp"

namespace mailhold::import_export {

namespace {

constexpr std::string_view from = "From ";
constexpr std::string_view blanks = " \t\r\n";
/// Those of mail are short; nothing longer is looked through.
constexpr std::size_t longest_from_line = 2'000;

std::vector<std::string_view> words_of(std::string_view line)
{
    std::vector<std::string_view> words;
    for (;;) {
        const std::size_t begin = line.find_first_not_of(blanks);
        if (begin == std::string_view::npos)
            return words;
        line.remove_prefix(begin);
        const std::size_t end = std::min(line.find_first_of(blanks), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

/// All of `text` as a number within the limits.
std::optional<int> number_of(std::string_view text, int least, int most)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() ||
        number < least || number > most)
        return std::nullopt;
    return number;
}

/// "15:59:59" or "15:59", as seconds.
std::optional<int> time_of_day(std::string_view text)
{
    if ((text.size() != 8 && text.size() != 5) || text[2] != ':')
        return std::nullopt;
    const auto hour = number_of(text.substr(0, 2), 0, 23);
    const auto minute = number_of(text.substr(3, 2), 0, 59);
    const bool has_seconds = text.size() == 8;
    const auto second = has_seconds ? number_of(text.substr(6), 0, 60) : std::optional(0);
    if (!hour || !minute || !second || (has_seconds && text[5] != ':'))
        return std::nullopt;
    return (*hour * 60 + *minute) * 60 + *second;
}

/// "+0800" as minutes.
std::optional<int> zone_of(std::string_view text)
{
    if (text.size() != 5 || (text[0] != '+' && text[0] != '-'))
        return std::nullopt;
    const auto hours = number_of(text.substr(1, 2), 0, 23);
    const auto minutes = number_of(text.substr(3), 0, 59);
    if (!hours || !minutes)
        return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

/// Of the words from the day of the week on.
std::optional<InternalDate> date_of_words(std::span<const std::string_view> words)
{
    if (words.size() < 5 || words.size() > 8 ||
        std::ranges::find(week_day_names, words[0]) == week_day_names.end())
        return std::nullopt;
    const auto month = std::ranges::find(month_names, words[1]);
    const auto day = number_of(words[2], 1, 31);
    const auto time = time_of_day(words[3]);
    if (month == month_names.end() || !day || !time)
        return std::nullopt;
    std::optional<int> year;
    int zone_minutes = 0;
    for (const std::string_view word : words.subspan(4)) {
        if (const auto zone = zone_of(word))
            zone_minutes = *zone;
        else if (!year)
            year = number_of(word, 1970, 9999);  // else the letters of a zone
    }
    if (!year)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{*year},
        std::chrono::month(static_cast<unsigned>(month - month_names.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok())
        return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return InternalDate{days * 86'400 + *time - zone_minutes * 60, zone_minutes};
}

}  // namespace

std::optional<InternalDate> date_of_from_line(std::string_view line)
{
    if (!line.starts_with(from) || line.size() > longest_from_line)
        return std::nullopt;
    const auto words = words_of(line.substr(from.size()));
    for (std::size_t i = 0; i < words.size(); ++i)  // the sender may be absent, or have blanks
        if (const auto date = date_of_words(std::span(words).subspan(i)))
            return date;
    return std::nullopt;
}

bool is_bare_from_line(std::string_view line)
{
    if (!line.starts_with(from))
        return false;
    const auto words = words_of(line.substr(from.size(), longest_from_line));
    return words.empty() || (words.size() == 1 && words[0] == "-");
}

bool is_quotable(std::string_view line)
{
    const std::size_t quotes = line.find_first_not_of('>');
    return quotes != std::string_view::npos && line.substr(quotes).starts_with(from);
}

}  // namespace mailhold::import_export
