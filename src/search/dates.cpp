// Years, months, days and times of day, and "so long ago".

#include "dates.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <string>
#include <vector>

#include "mailhold/base/error.hpp"

namespace mailhold::search {

namespace {

constexpr int first_year = 1900;
constexpr int last_year = 9998;

/// Local midnight of a day, which may lie outside its month: mktime carries over.
std::int64_t midnight(int year, int month, int day)
{
    std::tm parts{};
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;
    parts.tm_mday = day;
    parts.tm_isdst = -1;
    return std::mktime(&parts);
}

bool is_day(int year, int month, int day)
{
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    return date.ok();
}

std::optional<int> parse_number(std::string_view digits, std::size_t most)
{
    int number = 0;
    if (digits.empty() || digits.size() > most)
        return std::nullopt;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number < 0)
        return std::nullopt;
    return number;
}

/// The numbers of "2026-3-9" or "2026/03": one to three.
std::vector<int> parse_numbers(std::string_view text)
{
    std::vector<int> numbers;
    const char separator = text.find('/') == std::string_view::npos ? '-' : '/';
    for (std::size_t start = 0; start <= text.size() && numbers.size() < 4;) {
        const std::size_t end = std::min(text.find(separator, start), text.size());
        const auto number = parse_number(text.substr(start, end - start), numbers.empty() ? 4 : 2);
        if (!number)
            return {};
        numbers.push_back(*number);
        start = end + 1;
    }
    return numbers;
}

std::optional<Span> parse_calendar(std::string_view text)
{
    const std::vector<int> numbers = parse_numbers(text);
    if (numbers.empty() || numbers.size() > 3 || numbers[0] < first_year || numbers[0] > last_year)
        return std::nullopt;
    const int year = numbers[0];
    if (numbers.size() == 1)
        return Span{midnight(year, 1, 1), midnight(year + 1, 1, 1)};
    const int month = numbers[1];
    if (month < 1 || month > 12)
        return std::nullopt;
    if (numbers.size() == 2)
        return Span{midnight(year, month, 1), midnight(year, month + 1, 1)};
    if (!is_day(year, month, numbers[2]))
        return std::nullopt;
    return Span{midnight(year, month, numbers[2]), midnight(year, month, numbers[2] + 1)};
}

/// A date with a time of day: a minute where no seconds are written, else that second.
std::optional<Span> parse_moment(std::string_view text)
{
    constexpr std::size_t to_minutes = 16;
    if (text.size() < to_minutes || text[10] != 'T' || !parse_calendar(text.substr(0, 10)))
        return std::nullopt;
    try {
        const auto start = static_cast<std::int64_t>(parse_user_time(text));
        const bool has_seconds = text.size() > to_minutes && text[to_minutes] == ':';
        return Span{start, start + (has_seconds ? 1 : 60)};
    } catch (const Error&) {  // it names other forms than a query has
        return std::nullopt;
    }
}

std::tm local(Time time)
{
    const auto seconds = static_cast<std::time_t>(time);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    return parts;
}

Span days_ago(int days, Time now)
{
    const std::tm today = local(now);
    const int day = today.tm_mday - days;
    return {midnight(today.tm_year + 1900, today.tm_mon + 1, day),
            midnight(today.tm_year + 1900, today.tm_mon + 1, day + 1)};
}

/// The same day of an earlier month, or that month's last.
Span months_ago(int months, Time now)
{
    const std::tm today = local(now);
    const int month_count = (today.tm_year + 1900) * 12 + today.tm_mon - months;
    const int year = month_count / 12;
    const int month = month_count % 12 + 1;
    int day = today.tm_mday;
    while (!is_day(year, month, day))
        --day;
    return {midnight(year, month, day), midnight(year, month, day + 1)};
}

std::optional<Span> parse_ago(std::string_view text, Time now)
{
    if (text.size() < 2)
        return std::nullopt;
    const auto number = parse_number(text.substr(0, text.size() - 1), 6);
    const auto ago = [&](int limit, const auto& span_of) -> std::optional<Span> {
        if (!number || *number > limit)
            return std::nullopt;
        Span span = span_of(*number);
        span.is_ago = true;
        return span;
    };
    switch (text.back()) {
    case 'h':
        return ago(100 * 366 * 24, [&](int hours) {
            const std::int64_t start = static_cast<std::int64_t>(now) - std::int64_t{hours} * 3600;
            return Span{start, start + 1};
        });
    case 'd':
        return ago(100 * 366, [&](int days) { return days_ago(days, now); });
    case 'w':
        return ago(100 * 52, [&](int weeks) { return days_ago(weeks * 7, now); });
    case 'm':
        return ago(100 * 12, [&](int months) { return months_ago(months, now); });
    case 'y':
        return ago(100, [&](int years) { return months_ago(years * 12, now); });
    default:
        return std::nullopt;
    }
}

}  // namespace

std::optional<Span> parse_point(std::string_view text, Time now)
{
    if (text == "now")
        return Span{static_cast<std::int64_t>(now), static_cast<std::int64_t>(now) + 1};
    if (text == "today")
        return days_ago(0, now);
    if (text == "yesterday")
        return days_ago(1, now);
    if (const auto span = parse_calendar(text))
        return span;
    if (const auto span = parse_moment(text))
        return span;
    return parse_ago(text, now);
}

}  // namespace mailhold::search
