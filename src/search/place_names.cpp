// Placements with the names of their accounts and folders.

#include "mailhold/search/place_names.hpp"

#include <algorithm>

namespace mailhold::search {

PlaceNames::PlaceNames(const catalog::Catalog& catalog) : catalog_(catalog)
{
    catalog_.reading([&] {
        for (const catalog::AccountRow& account : catalog_.accounts())
            for (const catalog::FolderRow& folder : catalog_.folders(account.id))
                names_[folder.key] = {account.address, folder.name};
    });
}

std::vector<NamedPlacement> PlaceNames::of(const crypto::ContentId& id) const
{
    std::vector<NamedPlacement> places;
    for (catalog::PlacementRow& placement : catalog_.placements_of(id)) {
        const auto name = names_.find(placement.folder);
        if (name != names_.end())
            places.push_back({name->second.first, name->second.second, std::move(placement.flags),
                              placement.gone_since});
    }
    std::ranges::stable_sort(
        places, {}, [](const NamedPlacement& place) { return place.gone_since.has_value(); });
    return places;
}

}  // namespace mailhold::search
