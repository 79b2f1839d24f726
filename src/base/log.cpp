// Log lines through spdlog, one a line on stderr.

#include "mailhold/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "mailhold/base/json.hpp"

namespace mailhold::log {

namespace {

spdlog::logger& logger()
{
    static spdlog::logger instance = [] {
        spdlog::logger made("mailhold", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made.set_pattern("%Y-%m-%dT%H:%M:%S%z %l: %v");
        made.flush_on(spdlog::level::debug);
        return made;
    }();
    return instance;
}

/// Servers choose folder names and reply texts: neither a forged second line nor an escape sequence
/// gets out.
void write(spdlog::level::level_enum level, std::string_view line)
{
    if (logger().should_log(level))
        logger().log(level, printable(line));
}

}  // namespace

void set_level(Level level)
{
    switch (level) {
    case Level::quiet:
        logger().set_level(spdlog::level::warn);
        break;
    case Level::normal:
        logger().set_level(spdlog::level::info);
        break;
    case Level::verbose:
        logger().set_level(spdlog::level::debug);
        break;
    }
}

void debug_line(std::string_view line)
{
    write(spdlog::level::debug, line);
}
void info_line(std::string_view line)
{
    write(spdlog::level::info, line);
}
void warning_line(std::string_view line)
{
    write(spdlog::level::warn, line);
}

}  // namespace mailhold::log
