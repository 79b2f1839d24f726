// Folders of one name are one to who imports: the server's, those of earlier imports, those of a
// host that was replaced.

#include "import_places.hpp"

#include <algorithm>

#include "mailhold/base/error.hpp"

namespace mailhold::import_export {

namespace {

constexpr std::size_t max_name_bytes = 8'000;

/// The levels, parted by a character that no name has.
std::string levels_key(const std::string& name, std::optional<char> separator)
{
    std::string key = name;
    if (separator)
        std::ranges::replace(key, *separator, '\0');
    return key;
}

}  // namespace

ImportPlaces::ImportPlaces(const catalog::Catalog& catalog, const crypto::WriterId& writer,
                           const crypto::AccountId& account)
    : catalog_(catalog), writer_(writer)
{
    for (catalog::FolderRow& row : catalog.folders(account))
        if (!row.gone)
            rows_.emplace(levels_key(row.name, row.separator), std::move(row));
}

ImportFolder& ImportPlaces::folder(const FolderName& name)
{
    if (name.name.empty() || name.name.size() > max_name_bytes)
        throw Error(ErrorKind::malformed,
                    "its folder has no name, or one of more than 8,000 bytes");
    const std::string key = levels_key(name.name, name.separator);
    const auto [at, is_new] = folders_.try_emplace(key);
    ImportFolder& folder = at->second;
    if (!is_new)
        return folder;
    folder.name = name;
    const auto [first, last] = rows_.equal_range(key);
    for (auto row = first; row != last; ++row)
        read(row->second, folder);
    return folder;
}

void ImportPlaces::read(const catalog::FolderRow& row, ImportFolder& folder) const
{
    const bool is_ours = row.is_imported() && row.key.writer == writer_;
    if (is_ours)
        folder.fid = row.key.fid;
    for (const catalog::PlacementRow& placement : catalog_.placements(row.key)) {
        if (is_ours)
            folder.next_uid =
                std::max(folder.next_uid, Uid{static_cast<std::uint32_t>(placement.uid) + 1});
        if (placement.gone_since)
            continue;
        Lies& lies = folder.there[placement.id];
        if (is_ours)
            lies.uid = placement.uid;
        lies.is_sound = catalog_.knows_message(placement.id);
    }
}

std::uint64_t ImportPlaces::folders_added_to() const
{
    return static_cast<std::uint64_t>(
        std::ranges::count_if(folders_, [](const auto& named) { return named.second.added > 0; }));
}

}  // namespace mailhold::import_export
