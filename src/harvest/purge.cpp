// Tells a leaver emptying a folder from mail that was only moved.

#include "purge.hpp"

#include <algorithm>
#include <set>

namespace mailhold::harvest {
namespace {

/// Folders of this account that the server has now: a copy that was imported is not where mail was
/// moved to.
std::set<catalog::FolderKey> open_folders(const catalog::Catalog& catalog,
                                          const crypto::AccountId& account)
{
    std::set<catalog::FolderKey> keys;
    for (const catalog::FolderRow& folder : catalog.folders(account))
        if (!folder.gone && !folder.is_imported())
            keys.insert(folder.key);
    return keys;
}

bool is_purge(std::uint64_t count, std::uint64_t of, const Options& options)
{
    return count > options.purge_min_messages && count * 100 > of * options.purge_percent;
}

}  // namespace

std::optional<Purge> find_purge(const catalog::Catalog& catalog, const crypto::AccountId& account,
                                const VanishedMail& vanished, const Options& options)
{
    if (!is_purge(vanished.uids.size(), vanished.live_before, options))
        return {};
    const std::set<catalog::FolderKey> open = open_folders(catalog, account);
    const std::set<Uid> uids(vanished.uids.begin(), vanished.uids.end());
    std::uint64_t count = 0;
    for (const catalog::PlacementRow& placement : catalog.placements(vanished.folder)) {
        if (!uids.contains(placement.uid))
            continue;
        const auto elsewhere = catalog.placements_of(placement.id);
        const bool moved = std::any_of(elsewhere.begin(), elsewhere.end(), [&](const auto& other) {
            return !other.gone_since && open.contains(other.folder);
        });
        count += moved ? 0 : 1;
    }
    if (!is_purge(count, vanished.live_before, options))
        return {};
    return Purge{.folder = vanished.name, .count = count, .of = vanished.live_before};
}

}  // namespace mailhold::harvest
