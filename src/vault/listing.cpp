// The names under journal/, by writer.

#include "mailhold/vault/journal.hpp"
#include "names.hpp"

namespace mailhold::vault {

namespace {

/// nullopt for a name that is none of ours.
std::optional<EntryName> parse_entry_name(const objects::ObjectInfo& info)
{
    auto text = std::string_view(info.name).substr(journal_folder.size());
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const auto writer = crypto::WriterId::from_hex(text.substr(0, slash));
    const auto entry = parse_numbered(text.substr(slash + 1));
    if (!writer || !entry)
        return std::nullopt;
    return EntryName{*writer, entry->seq, entry->hash, info.name, info.length};
}

}  // namespace

JournalListing list_journal(const objects::Store& store)
{
    // Sorted by name is sorted by writer and seq: both have a fixed number of digits.
    JournalListing listing;
    for (const objects::ObjectInfo& info : store.list(std::string(journal_folder))) {
        if (const auto name = parse_entry_name(info))
            listing.chains[name->writer].push_back(*name);
        else
            listing.strangers.push_back(info.name);
    }
    return listing;
}

}  // namespace mailhold::vault
