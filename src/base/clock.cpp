// Wall-clock times in and out of the forms that the journal and IMAP use. All calendar work is in
// UTC.

#include "mailhold/base/clock.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "calendar.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold {

namespace {

constexpr std::int64_t seconds_per_day = 86400;
constexpr std::int64_t first_second = -62167219200;  // 0000-01-01T00:00:00Z
constexpr std::int64_t last_second = 253402300799;   // 9999-12-31T23:59:59Z

/// "2026-03-09T08:07:06". Times outside the years 0 to 9999, which only a broken server sends, are
/// clamped.
std::string format_civil(std::int64_t seconds)
{
    const CivilTime civil = civil_of(std::clamp(seconds, first_second, last_second));
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", civil.year, civil.month, civil.day,
                       civil.hour, civil.minute, civil.second);
}

}  // namespace

std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t count)
{
    if (at + count > text.size())
        return std::nullopt;
    int value = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<CivilTime> parse_date(std::string_view text)
{
    const auto year = digits_at(text, 0, 4);
    const auto month = digits_at(text, 5, 2);
    const auto day = digits_at(text, 8, 2);
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !year || !month || !day)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok())
        return std::nullopt;
    return CivilTime{*year, *month, *day, 0, 0, 0};
}

std::optional<CivilTime> parse_date_time(std::string_view text)
{
    if (text.size() != 19 || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    auto civil = parse_date(text.substr(0, 10));
    const auto hour = digits_at(text, 11, 2);
    const auto minute = digits_at(text, 14, 2);
    const auto second = digits_at(text, 17, 2);
    if (!civil || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    civil->hour = *hour;
    civil->minute = *minute;
    civil->second = *second;
    return civil;
}

std::optional<int> parse_zone(std::string_view text)
{
    if (text == "Z")
        return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return std::nullopt;
    const auto hours = digits_at(text, 1, 2);
    const auto minutes = digits_at(text, 4, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59)
        return std::nullopt;
    const int zone = *hours * 60 + *minutes;
    return text[0] == '-' ? -zone : zone;
}

std::int64_t epoch_of(const CivilTime& civil)
{
    const std::chrono::sys_days day = std::chrono::year(civil.year) / civil.month / civil.day;
    return std::int64_t{day.time_since_epoch().count()} * seconds_per_day + civil.hour * 3600 +
           civil.minute * 60 + civil.second;
}

CivilTime civil_of(std::int64_t epoch_seconds)
{
    const std::chrono::sys_seconds instant{std::chrono::seconds(epoch_seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const int rest = static_cast<int>((instant - day).count());
    return {int(date.year()),
            static_cast<int>(unsigned(date.month())),
            static_cast<int>(unsigned(date.day())),
            rest / 3600,
            rest / 60 % 60,
            rest % 60};
}

Time now()
{
    if (const char* pretended = std::getenv("MAILHOLD_TEST_NOW")) {
        if (const auto time = parse_utc(pretended))
            return *time;
        throw Error(ErrorKind::usage,
                    fmt::format("MAILHOLD_TEST_NOW is not a UTC time: {}", pretended),
                    "write it as 2026-03-09T08:07:06Z, or unset it");
    }
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return Time{std::chrono::floor<std::chrono::seconds>(since).count()};
}

std::string format_utc(Time time)
{
    return format_civil(static_cast<std::int64_t>(time)) + 'Z';
}

std::optional<Time> parse_utc(std::string_view text)
{
    if (!text.ends_with('Z'))
        return std::nullopt;
    const auto civil = parse_date_time(text.substr(0, text.size() - 1));
    if (!civil)
        return std::nullopt;
    return Time{epoch_of(*civil)};
}

std::string format_rfc3339(InternalDate date)
{
    const int zone = std::clamp(date.zone_minutes, -1439, 1439);
    const std::int64_t local =
        std::clamp(date.epoch_seconds, first_second, last_second) + std::int64_t{zone} * 60;
    return fmt::format("{}{}{:02}:{:02}", format_civil(local), zone < 0 ? '-' : '+',
                       std::abs(zone) / 60, std::abs(zone) % 60);
}

std::optional<InternalDate> parse_rfc3339(std::string_view text)
{
    if (text.size() < 20)
        return std::nullopt;
    const auto civil = parse_date_time(text.substr(0, 19));
    const auto zone = parse_zone(text.substr(19));
    if (!civil || !zone)
        return std::nullopt;
    return InternalDate{epoch_of(*civil) - std::int64_t{*zone} * 60, *zone};
}

std::chrono::milliseconds Deadline::left(std::chrono::milliseconds cap) const
{
    if (!at_)
        return cap;
    // Rounded up: while time is left, the answer is not 0.
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*at_ - std::chrono::steady_clock::now());
    return std::clamp(left, std::chrono::milliseconds(0), cap);
}

}  // namespace mailhold
