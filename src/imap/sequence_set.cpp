// Sets of UIDs: compact to write, quick to ask.

#include "sequence_set.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

namespace mailhold::imap {

namespace {

Uid parse_uid(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value == 0)
        throw Error(ErrorKind::malformed, "malformed response: not a set of uids");
    return Uid{value};
}

std::uint32_t number(Uid uid)
{
    return static_cast<std::uint32_t>(uid);
}

}  // namespace

std::vector<UidRange> parse_sequence_set(std::string_view text)
{
    std::vector<UidRange> ranges;
    for (std::size_t start = 0; start <= text.size();) {
        const auto end = std::min(text.find(',', start), text.size());
        const auto item = text.substr(start, end - start);
        const auto colon = item.find(':');
        const Uid first = parse_uid(item.substr(0, colon));
        const Uid last = colon == item.npos ? first : parse_uid(item.substr(colon + 1));
        ranges.push_back({std::min(first, last), std::max(first, last)});
        start = end + 1;
    }
    return normalised(std::move(ranges));
}

std::vector<UidRange> normalised(std::vector<UidRange> ranges)
{
    std::erase_if(ranges, [](const UidRange& r) { return r.last < r.first || r.last == Uid{0}; });
    std::sort(ranges.begin(), ranges.end(),
              [](const UidRange& a, const UidRange& b) { return a.first < b.first; });
    std::vector<UidRange> joined;
    for (const UidRange& range : ranges) {
        if (!joined.empty() &&
            std::uint64_t{number(range.first)} <= std::uint64_t{number(joined.back().last)} + 1)
            joined.back().last = std::max(joined.back().last, range.last);
        else
            joined.push_back(range);
    }
    return joined;
}

bool contains(const std::vector<UidRange>& ranges, Uid uid)
{
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), uid,
                         [](Uid value, const UidRange& range) { return value < range.first; });
    return after != ranges.begin() && uid <= std::prev(after)->last;
}

std::uint64_t span_of(const UidRange& range)
{
    return std::uint64_t{number(range.last)} - number(range.first) + 1;
}

std::uint64_t span_of(const std::vector<UidRange>& ranges)
{
    std::uint64_t total = 0;
    for (const UidRange& range : ranges)
        total += span_of(range);
    return total;
}

std::vector<UidRange> ranges_of(const std::vector<Uid>& sorted_uids)
{
    std::vector<UidRange> ranges;
    for (const Uid uid : sorted_uids) {
        if (!ranges.empty() && number(ranges.back().last) + 1 == number(uid))
            ranges.back().last = uid;
        else
            ranges.push_back({uid, uid});
    }
    return ranges;
}

std::string to_sequence_set(const std::vector<UidRange>& ranges)
{
    std::string text;
    for (const UidRange& range : ranges) {
        text += fmt::format("{}{}", text.empty() ? "" : ",", number(range.first));
        if (range.last == last_uid)
            text += ":*";
        else if (range.last != range.first)
            text += fmt::format(":{}", number(range.last));
    }
    return text;
}

}  // namespace mailhold::imap
