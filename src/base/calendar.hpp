#pragma once
// Pieces of date and time, shared by the strict forms (clock.cpp) and the forgiving one
// (user_time.cpp).

#include <cstdint>
#include <optional>
#include <string_view>

namespace mailhold {

struct CivilTime {
    int year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

/// `count` decimal digits at `at`.
std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t count);

/// "2026-03-09", a day that exists.
std::optional<CivilTime> parse_date(std::string_view text);

/// "2026-03-09T08:07:06".
std::optional<CivilTime> parse_date_time(std::string_view text);

/// "Z", "+08:00": minutes east of UTC.
std::optional<int> parse_zone(std::string_view text);

/// Both read the civil time as UTC; years 0 to 9999.
std::int64_t epoch_of(const CivilTime& civil);
CivilTime civil_of(std::int64_t epoch_seconds);

}  // namespace mailhold
