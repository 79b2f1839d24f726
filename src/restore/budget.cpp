// What went into an account in the last 24 hours, as a setting of the catalog.

#include <algorithm>

#include "mailhold/base/json.hpp"
#include "mailhold/restore/restore.hpp"

namespace mailhold::restore {

namespace {

constexpr std::int64_t day_seconds = 24 * 60 * 60;

struct Spent {
    std::int64_t time = 0;
    std::uint64_t bytes = 0;
};

/// Those of the last day.
std::vector<Spent> spent_before(const catalog::Catalog& catalog, const std::string& key, Time at)
{
    const auto text = catalog.setting(key);
    if (!text)
        return {};
    std::vector<Spent> spent;
    const Json list = Json::parse(*text);
    for (const Json& item : list.as_array()) {
        const Spent one{.time = item.at("time").as_integer(),
                        .bytes = item.at("bytes").as_unsigned()};
        if (one.time + day_seconds > static_cast<std::int64_t>(at))
            spent.push_back(one);
    }
    return spent;
}

}  // namespace

DailyBudget::DailyBudget(catalog::Catalog& catalog, const std::string& address,
                         std::uint64_t bytes_a_day)
    : catalog_(catalog), key_("uploaded/" + address), bytes_a_day_(bytes_a_day)
{
}

std::optional<std::uint64_t> DailyBudget::left(Time at) const
{
    if (bytes_a_day_ == 0)
        return std::nullopt;
    std::uint64_t used = 0;
    for (const Spent& one : spent_before(catalog_, key_, at))
        used += one.bytes;
    return bytes_a_day_ - std::min(used, bytes_a_day_);
}

void DailyBudget::spend(Time at, std::uint64_t bytes)
{
    if (bytes_a_day_ == 0 || bytes == 0)
        return;
    Json list = Json::array();
    std::vector<Spent> spent = spent_before(catalog_, key_, at);
    spent.push_back({.time = static_cast<std::int64_t>(at), .bytes = bytes});
    for (const Spent& one : spent)
        list.push_back(Json::object({{"time", one.time}, {"bytes", one.bytes}}));
    catalog_.put_setting(key_, list.dump());
}

}  // namespace mailhold::restore
