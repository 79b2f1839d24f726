// Sets of UIDs as text: a purge of 20,000 messages is a few bytes.

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "event_json.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::vault {

namespace {

constexpr std::uint64_t max_uids = 10'000'000;

Error broken_ranges()
{
    return Error(ErrorKind::malformed, "a list of UIDs is broken");
}

std::uint32_t number_at(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value == 0)
        throw broken_ranges();
    return value;
}

void append_range(std::vector<Uid>& out, std::string_view range)
{
    const auto colon = range.find(':');
    const std::uint32_t first = number_at(range.substr(0, colon));
    const std::uint32_t last =
        colon == std::string_view::npos ? first : number_at(range.substr(colon + 1));
    if (last < first || out.size() + (std::uint64_t{last} - first) >= max_uids)
        throw broken_ranges();
    for (std::uint64_t uid = first; uid <= last; ++uid)
        out.push_back(Uid{static_cast<std::uint32_t>(uid)});
}

}  // namespace

std::string uid_ranges(std::vector<Uid> uids)
{
    std::ranges::sort(uids);
    std::string out;
    for (std::size_t i = 0; i < uids.size();) {
        const auto first = static_cast<std::uint64_t>(uids[i]);
        auto last = first;
        while (i < uids.size() && static_cast<std::uint64_t>(uids[i]) <= last + 1)
            last = static_cast<std::uint64_t>(uids[i++]);
        if (!out.empty())
            out += ',';
        out += first == last ? fmt::format("{}", first) : fmt::format("{}:{}", first, last);
    }
    return out;
}

std::vector<Uid> uids_of_ranges(std::string_view text)
{
    std::vector<Uid> uids;
    while (true) {
        const auto comma = text.find(',');
        append_range(uids, text.substr(0, comma));
        if (comma == std::string_view::npos)
            return uids;
        text.remove_prefix(comma + 1);
    }
}

}  // namespace mailhold::vault
