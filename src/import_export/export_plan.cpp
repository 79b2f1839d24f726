// Plans made from the catalog. The library asks the catalog too, so nothing is read while rows are
// visited.

#include "export_plan.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/config/config.hpp"

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

/// The folders that somebody asked for.
class FolderChoice {
public:
    explicit FolderChoice(const std::vector<std::string>& patterns)
        : patterns_(patterns), is_used_(patterns.size(), false)
    {
    }

    bool takes(const catalog::FolderRow& folder)
    {
        const auto [at, is_new] = taken_.try_emplace(folder.key, false);
        if (is_new)
            at->second = fits(folder);
        return at->second;
    }

    /// A name that was mistyped must not pass for an empty folder.
    void require_all_used(const std::string& address) const
    {
        for (std::size_t i = 0; i < patterns_.size(); ++i)
            if (!is_used_[i])
                throw Error(ErrorKind::not_found,
                            fmt::format("no folder {} in {}", patterns_[i], address),
                            "`mailhold folders " + address + "` lists them; * stands for any text");
    }

private:
    bool fits(const catalog::FolderRow& folder)
    {
        std::string levels = folder.name;
        if (folder.separator)
            std::ranges::replace(levels, *folder.separator, '/');
        bool is_taken = patterns_.empty();
        for (std::size_t i = 0; i < patterns_.size(); ++i)
            if (config::matches_folder(patterns_[i], folder.name) ||
                config::matches_folder(patterns_[i], levels))
                is_taken = is_used_[i] = true;
        return is_taken;
    }

    const std::vector<std::string>& patterns_;
    std::vector<bool> is_used_;
    std::map<catalog::FolderKey, bool> taken_;
};

/// Everything the account ever had in a folder, as far as it was known at `at`.
void plan_all(const catalog::Catalog& catalog, const crypto::AccountId& account, Time at,
              FolderChoice& choice, FolderNumbers& numbers, ExportPlan& plan)
{
    for (const catalog::FolderRow& folder : catalog.folders(account)) {
        if (!choice.takes(folder))
            continue;
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

void require_folders(const catalog::Catalog& catalog, const catalog::AccountRow& account,
                     const ExportOptions& options)
{
    FolderChoice choice(options.folders);
    for (const catalog::FolderRow& folder :
         catalog.folders_at(account.id, options.as_of.value_or(end_of_time)))
        choice.takes(folder);
    choice.require_all_used(account.address);
}

ExportPlan plan_account(const catalog::Catalog& catalog, const catalog::AccountRow& account,
                        Time at, const ExportOptions& options)
{
    ExportPlan plan(catalog);
    FolderNumbers numbers(plan);
    FolderChoice choice(options.folders);
    for (const catalog::FolderRow& folder : catalog.folders_at(account.id, at))
        if (!folder.gone && choice.takes(folder))
            numbers.of(folder);
    if (options.include_gone)
        plan_all(catalog, account.id, at, choice, numbers, plan);
    else
        catalog.for_each_placement_at(
            account.id, at,
            [&](const catalog::FolderRow& folder, const catalog::PlacementRow& placement) {
                if (choice.takes(folder))
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
