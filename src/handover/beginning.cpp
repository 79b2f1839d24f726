// What the catalog knows of the time around a leaver's going: the purge, and mail that came since.

#include <algorithm>

#include "mailhold/base/json.hpp"
#include "mailhold/handover/case.hpp"
#include "mailhold/index/query.hpp"

namespace mailhold::handover {
namespace {

constexpr std::int64_t day_seconds = 24 * 3600;
constexpr std::int64_t looked_back_seconds = 365 * day_seconds;
constexpr std::int64_t one_purge_seconds = 30 * day_seconds;

Time before(Time time, std::int64_t seconds)
{
    return Time{static_cast<std::int64_t>(time) - seconds};
}

/// Times at which purges of the account were recorded, not before `since`, in order.
std::vector<Time> purges_of(const catalog::Catalog& catalog, const crypto::AccountId& account,
                            Time since)
{
    std::vector<Time> times;
    for (const auto& record : catalog.records("purge")) {
        const Json value = Json::parse(record.json);
        const auto time = parse_utc(value.at("time").as_string());
        if (value.at("account").as_string() == account.hex() && time && *time >= since)
            times.push_back(*time);
    }
    std::ranges::sort(times);
    return times;
}

/// When the first of what was gone by `purge`, and not longer than a day, vanished.
Time first_gone(const catalog::Catalog& catalog, const crypto::AccountId& account, Time purge)
{
    Time first = purge;
    for (const catalog::FolderRow& folder : catalog.folders(account))
        for (const catalog::PlacementRow& placement : catalog.placements(folder.key))
            if (placement.gone_since && *placement.gone_since > before(purge, day_seconds))
                first = std::min(first, *placement.gone_since);
    return first;
}

}  // namespace

Beginning beginning_of(const catalog::Catalog& catalog, const crypto::AccountId& account,
                       Time opened)
{
    const std::vector<Time> purges =
        purges_of(catalog, account, before(opened, looked_back_seconds));
    if (purges.empty())
        return {.at = opened};
    const Time purge = *std::ranges::lower_bound(purges, before(purges.back(), one_purge_seconds));
    return {.at = before(first_gone(catalog, account, purge), 1), .purge = purge};
}

std::uint64_t messages_since(const catalog::Catalog& catalog, const crypto::AccountId& account,
                             Time seen)
{
    index::IdSet before_then;
    index::IdSet later;
    for (const catalog::FolderRow& folder : catalog.folders(account))
        for (const catalog::PlacementRow& placement : catalog.placements(folder.key))
            (placement.first_seen > seen ? later : before_then)
                .insert(index::prefix_of(placement.id));
    return static_cast<std::uint64_t>(std::ranges::count_if(
        later, [&](index::IdPrefix id) { return !before_then.contains(id); }));
}

}  // namespace mailhold::handover
