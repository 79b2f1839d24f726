// Numbers with a unit.

#include "mailhold/config/units.hpp"

#include <charconv>
#include <span>

#include <fmt/format.h>

#include "mailhold/base/bytes.hpp"

namespace mailhold::config {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr Unit time_units[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr Unit size_units[] = {{"GiB", gibibyte}, {"MiB", mebibyte}, {"KiB", kibibyte}, {"B", 1}};

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units,
                                             std::uint64_t limit)
{
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc())
        return std::nullopt;
    std::string_view name(rest, static_cast<std::size_t>(end - rest));
    if (name.starts_with(' '))
        name.remove_prefix(1);
    for (const Unit& unit : units)
        if (unit.name == name && number <= limit / unit.factor)
            return number * unit.factor;
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    constexpr std::uint64_t limit = 100ULL * 24 * 3'600'000;
    const auto milliseconds = parse_with_unit(text, time_units, limit);
    if (!milliseconds)
        return std::nullopt;
    return std::chrono::milliseconds(*milliseconds);
}

std::optional<std::uint64_t> parse_size(std::string_view text)
{
    return parse_with_unit(text, size_units, 1024 * 1024 * gibibyte - 1);
}

std::string format_size(std::uint64_t bytes)
{
    for (const Unit& unit : size_units)
        if (bytes >= unit.factor && bytes % unit.factor == 0)
            return fmt::format("{}{}", bytes / unit.factor, unit.name);
    return "0B";
}

}  // namespace mailhold::config
