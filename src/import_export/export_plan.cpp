// Plans made from the catalog. The library asks the catalog too, so nothing is read while rows are
// visited.

#include "export_plan.hpp"

#include <algorithm>
#include <tuple>

namespace mailhold::import_export {

namespace {

/// Folders by their key, added to the plan when a placement first needs them.
class FolderNumbers {
public:
    explicit FolderNumbers(ExportPlan& plan) : plan_(plan) {}

    std::uint32_t of(const catalog::FolderRow& folder)
    {
        const auto known = numbers_.find(folder.key);
        if (known != numbers_.end())
            return known->second;
        const std::uint32_t number =
            plan_.add_folder({{}, folder.name, folder.separator.value_or('\0')});
        numbers_.emplace(folder.key, number);
        return number;
    }

private:
    ExportPlan& plan_;
    std::map<catalog::FolderKey, std::uint32_t> numbers_;
};

/// Everything the account ever had in a folder, as far as it was known at `at`.
void plan_all(const catalog::Catalog& catalog, const crypto::AccountId& account, Time at,
              FolderNumbers& numbers, ExportPlan& plan)
{
    for (const catalog::FolderRow& folder : catalog.folders(account)) {
        const std::uint32_t number = numbers.of(folder);
        for (const catalog::PlacementRow& placement : catalog.placements(folder.key, at))
            plan.add_message(number, placement);
    }
}

struct KnownFolder {
    PlannedFolder folder;
    bool is_gone = false;
};

std::map<catalog::FolderKey, KnownFolder> folders_of_all(const catalog::Catalog& catalog)
{
    std::map<catalog::FolderKey, KnownFolder> folders;
    for (const catalog::AccountRow& account : catalog.accounts())
        for (const catalog::FolderRow& folder : catalog.folders(account.id))
            folders[folder.key] = {{account.address, folder.name, folder.separator.value_or('\0')},
                                   folder.gone};
    return folders;
}

}  // namespace

std::uint32_t ExportPlan::add_folder(PlannedFolder folder)
{
    folders_.push_back(std::move(folder));
    return static_cast<std::uint32_t>(folders_.size() - 1);
}

void ExportPlan::add_message(std::uint32_t folder, const catalog::PlacementRow& placement)
{
    messages_.push_back({.id = placement.id,
                         .date = placement.date,
                         .folder = folder,
                         .flags = number_of(placement.flags),
                         .place = {}});
}

std::uint32_t ExportPlan::number_of(const Flags& flags)
{
    const auto [at, is_new] =
        flag_numbers_.try_emplace(flags, static_cast<std::uint32_t>(flags_by_number_.size()));
    if (is_new)
        flags_by_number_.push_back(&at->first);
    return at->second;
}

void ExportPlan::sort_by_archive()
{
    ledger::ReadingOrder order(catalog_);
    for (Planned& message : messages_)
        message.place = order.place_of(message.id);
    std::ranges::stable_sort(messages_, [](const Planned& a, const Planned& b) {
        return std::tie(a.place, a.id) < std::tie(b.place, b.id);
    });
}

ExportPlan plan_account(const catalog::Catalog& catalog, const catalog::AccountRow& account,
                        Time at, bool include_gone)
{
    ExportPlan plan(catalog);
    FolderNumbers numbers(plan);
    for (const catalog::FolderRow& folder : catalog.folders_at(account.id, at))
        if (!folder.gone)
            numbers.of(folder);
    if (include_gone)
        plan_all(catalog, account.id, at, numbers, plan);
    else
        catalog.for_each_placement_at(
            account.id, at,
            [&](const catalog::FolderRow& folder, const catalog::PlacementRow& placement) {
                plan.add_message(numbers.of(folder), placement);
            });
    plan.sort_by_archive();
    return plan;
}

ExportPlan plan_messages(const catalog::Catalog& catalog, const std::vector<crypto::ContentId>& ids)
{
    const auto known = folders_of_all(catalog);
    ExportPlan plan(catalog);
    std::map<PlannedFolder, std::uint32_t> numbers;
    for (const crypto::ContentId& id : ids) {
        catalog::PlacementRow chosen{};
        chosen.id = id;
        PlannedFolder folder{{}, "Messages", '\0'};
        bool is_live = false;
        for (const catalog::PlacementRow& placement : catalog.placements_of(id)) {
            const auto found = known.find(placement.folder);
            if (found == known.end() || is_live)
                continue;
            is_live = !found->second.is_gone && !placement.gone_since;
            chosen = placement;
            folder = found->second.folder;
        }
        const auto [at, is_new] = numbers.try_emplace(folder, 0);
        if (is_new)
            at->second = plan.add_folder(folder);
        plan.add_message(at->second, chosen);
    }
    plan.sort_by_archive();
    return plan;
}

}  // namespace mailhold::import_export
