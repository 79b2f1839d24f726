#pragma once
// Names of months and days as RFC 5322, IMAP and mbox files write them, whatever the locale.

#include <array>
#include <string_view>

namespace mailhold {

inline constexpr std::array<std::string_view, 12> month_names{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
/// From Sunday, which is 0 in tm_wday and std::chrono's C encoding.
inline constexpr std::array<std::string_view, 7> week_day_names{"Sun", "Mon", "Tue", "Wed",
                                                                "Thu", "Fri", "Sat"};

}  // namespace mailhold
