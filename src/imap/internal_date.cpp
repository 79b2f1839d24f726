// INTERNALDATE to an instant and its zone.

#include "internal_date.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "mailhold/base/calendar_names.hpp"

#include "tokens.hpp"

namespace mailhold::imap {

namespace {

/// Takes exactly `digits` digits off the front; -1 when they are not there.
int take_digits(std::string_view& text, std::size_t digits)
{
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (i >= text.size() || text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, std::string_view expected)
{
    if (!text.starts_with(expected))
        return false;
    text.remove_prefix(expected.size());
    return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text)
{
    while (take(text, " "))
        ;
    const bool two_digits = text.size() > 1 && text[1] != '-';
    const int day = take_digits(text, two_digits ? 2 : 1);
    if (day < 1 || !take(text, "-"))
        return {};
    const std::string name = lower_case(text.substr(0, 3));
    const auto* month = std::ranges::find_if(
        month_names, [&](std::string_view known) { return lower_case(known) == name; });
    if (month == month_names.end())
        return {};
    text.remove_prefix(3);
    if (!take(text, "-"))
        return {};
    const int year = take_digits(text, 4);
    if (year < 0)
        return {};
    const std::chrono::year_month_day date{
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(month - month_names.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

std::optional<int> take_seconds_of_day(std::string_view& text)
{
    const int hour = take_digits(text, 2);
    const bool colon = take(text, ":");
    const int minute = take_digits(text, 2);
    const bool second_colon = take(text, ":");
    const int second = take_digits(text, 2);
    const bool sound = colon && second_colon && hour >= 0 && hour < 24 && minute >= 0 &&
                       minute < 60 && second >= 0 && second <= 60;
    return sound ? std::optional((hour * 60 + minute) * 60 + second) : std::nullopt;
}

std::optional<int> take_zone_minutes(std::string_view& text)
{
    const bool west = text.starts_with('-');
    if (!west && !text.starts_with('+'))
        return {};
    text.remove_prefix(1);
    const int hours = take_digits(text, 2);
    const int minutes = take_digits(text, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return {};
    const int zone = hours * 60 + minutes;
    return west ? -zone : zone;
}

}  // namespace

std::optional<InternalDate> parse_internal_date(std::string_view text)
{
    const auto day = take_date(text);
    if (!day || !take(text, " "))
        return {};
    const auto seconds = take_seconds_of_day(text);
    if (!seconds || !take(text, " "))
        return {};
    const auto zone = take_zone_minutes(text);
    if (!zone || !text.empty())
        return {};
    const std::int64_t local = std::int64_t{day->time_since_epoch().count()} * 86'400 + *seconds;
    return InternalDate{local - std::int64_t{*zone} * 60, *zone};
}

}  // namespace mailhold::imap
