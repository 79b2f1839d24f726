#pragma once
// Log lines on stderr: for the operator, never with mail content or secrets.

#include <string_view>

#include <fmt/format.h>

namespace mailhold::log {

enum class Level { quiet, normal, verbose };

/// Set once by main before threads start. `quiet`: warnings only; `verbose`: debug lines too.
void set_level(Level level);

void debug_line(std::string_view line);
void info_line(std::string_view line);
void warning_line(std::string_view line);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args)
{
    debug_line(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args)
{
    info_line(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args)
{
    warning_line(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace mailhold::log
