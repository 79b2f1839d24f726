// Whose mail a damaged object concerns, and what of it survives elsewhere.

#include "concerned.hpp"

#include <algorithm>

namespace mailhold::upkeep {
namespace {

bool lies_elsewhere(const std::optional<catalog::Stored>& stored,
                    const std::set<crypto::Hash>& bad_objects)
{
    return stored && std::any_of(stored->locations.begin(), stored->locations.end(),
                                 [&](const sealed::Location& at) {
                                     return !bad_objects.contains(at.object);
                                 });
}

void add_unique(std::vector<std::string>& words, const std::string& word)
{
    if (std::find(words.begin(), words.end(), word) == words.end())
        words.push_back(word);
}

}  // namespace

Concerned::Concerned(const catalog::Catalog& catalog) : catalog_(catalog)
{
    for (const catalog::AccountRow& account : catalog.accounts())
        for (const catalog::FolderRow& folder : catalog.folders(account.id))
            address_of_[folder.key] = account.address;
}

void Concerned::add_object(Finding& finding, const crypto::Hash& object,
                           const std::set<crypto::Hash>& bad_objects)
{
    std::vector<crypto::ContentId> lost;
    for (const crypto::ContentId& id : catalog_.messages_in(object))
        if (survives(id, bad_objects))
            ++finding.messages_elsewhere;
        else
            lost.push_back(id);
    add_lost(finding, lost);
}

void Concerned::add_lost(Finding& finding, const std::vector<crypto::ContentId>& messages)
{
    for (const crypto::ContentId& id : messages) {
        finding.messages.push_back(id);
        add_accounts(finding, id);
    }
    std::sort(finding.accounts.begin(), finding.accounts.end());
}

void Concerned::add_readable(Finding& finding, const std::vector<crypto::ContentId>& messages)
{
    for (const crypto::ContentId& id : messages)
        add_accounts(finding, id);
    finding.messages_elsewhere += messages.size();
    std::sort(finding.accounts.begin(), finding.accounts.end());
}

void Concerned::add_accounts(Finding& finding, const crypto::ContentId& id) const
{
    for (const catalog::PlacementRow& placement : catalog_.placements_of(id))
        if (const auto found = address_of_.find(placement.folder); found != address_of_.end())
            add_unique(finding.accounts, found->second);
}

void Concerned::add_accounts_of(Finding& finding, const crypto::WriterId& writer)
{
    for (const catalog::AccountRow& account : catalog_.accounts())
        if (account.writer == writer)
            add_unique(finding.accounts, account.address);
    std::sort(finding.accounts.begin(), finding.accounts.end());
}

bool Concerned::survives(const crypto::ContentId& id,
                         const std::set<crypto::Hash>& bad_objects) const
{
    if (!lies_elsewhere(catalog_.message(id), bad_objects))
        return false;
    const std::vector<crypto::PartId> parts = catalog_.parts_of(id);
    return std::all_of(parts.begin(), parts.end(), [&](const crypto::PartId& part) {
        return lies_elsewhere(catalog_.part(part), bad_objects);
    });
}

}  // namespace mailhold::upkeep
