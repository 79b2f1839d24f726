// The times people type: dates, local times, words.

#include "mailhold/base/clock.hpp"

#include <ctime>

#include <fmt/format.h>

#include "calendar.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold {

namespace {

[[noreturn]] void refuse(std::string_view text)
{
    throw Error(ErrorKind::usage, fmt::format("not a time: {}", printable(text.substr(0, 60))),
                "write a date (2026-03-09), a date and time (2026-03-09T18:30, "
                "2026-03-09T18:30:00+08:00), yesterday or now");
}

/// Reads `civil` in this machine's zone.
Time local_time(const CivilTime& civil)
{
    std::tm parts{};
    parts.tm_year = civil.year - 1900;
    parts.tm_mon = civil.month - 1;
    parts.tm_mday = civil.day;
    parts.tm_hour = civil.hour;
    parts.tm_min = civil.minute;
    parts.tm_sec = civil.second;
    parts.tm_isdst = -1;
    return Time{std::mktime(&parts)};
}

Time end_of_day(CivilTime date)
{
    date.hour = 23;
    date.minute = 59;
    date.second = 59;
    return local_time(date);
}

Time end_of_yesterday()
{
    const std::time_t today = static_cast<std::int64_t>(now());
    std::tm parts{};
    ::localtime_r(&today, &parts);
    // mktime carries day 0 over into the month before.
    return end_of_day({parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday - 1, 0, 0, 0});
}

/// Splits "…+08:00", "…+0800" or "…Z" off; the zone is empty where none is written.
std::pair<std::string_view, std::string> split_zone(std::string_view text)
{
    const std::size_t at = text.find_first_of("Z+-", 11);
    if (at == std::string_view::npos)
        return {text, ""};
    std::string zone(text.substr(at));
    if (zone.size() == 5)
        zone.insert(3, 1, ':');
    return {text.substr(0, at), zone};
}

}  // namespace

Time parse_user_time(std::string_view text)
{
    if (text == "now")
        return now();
    if (text == "yesterday")
        return end_of_yesterday();
    if (const auto date = parse_date(text))
        return end_of_day(*date);
    if (text.size() < 16)
        refuse(text);

    const auto [moment, zone_text] = split_zone(text);
    std::string padded(moment);
    if (padded.size() == 16)
        padded += ":00";
    if (padded.size() == 19 && padded[10] == ' ')
        padded[10] = 'T';
    const auto civil = parse_date_time(padded);
    if (!civil)
        refuse(text);
    if (zone_text.empty())
        return local_time(*civil);
    const auto zone = parse_zone(zone_text);
    if (!zone)
        refuse(text);
    return Time{epoch_of(*civil) - std::int64_t{*zone} * 60};
}

}  // namespace mailhold
