#pragma once
// Where imported messages lie: folders of their own beside those of the server, and what the
// account has in them.

#include <map>
#include <optional>
#include <unordered_map>

#include "mailhold/catalog/catalog.hpp"

#include "incoming.hpp"

namespace mailhold::import_export {

/// A message that lies in a folder.
struct Lies {
    std::optional<Uid> uid;  ///< in the imported folder; nullopt: in one of a server
    bool is_sound = true;    ///< the vault has its bytes
};

/// An imported folder, and what lies in it or in another folder of its name.
struct ImportFolder {
    struct IdHash {
        std::size_t operator()(const crypto::ContentId& id) const noexcept
        {
            return read_le<std::size_t>(id.bytes(), 0);
        }
    };

    FolderName name;
    std::optional<FolderId> fid;  ///< nullopt: still to be made
    Uid next_uid{1};
    std::unordered_map<crypto::ContentId, Lies, IdHash> there;
    std::uint64_t added = 0;
};

/// The folders of one account, read from the catalog when they are first asked for. Not for sharing
/// by threads.
class ImportPlaces {
public:
    ImportPlaces(const catalog::Catalog& catalog, const crypto::WriterId& writer,
                 const crypto::AccountId& account);

    /// Names are one when their levels are, whatever parts them. Throws malformed for a name that
    /// is too long to be one.
    ImportFolder& folder(const FolderName& name);

    std::uint64_t folders_added_to() const;

private:
    void read(const catalog::FolderRow& row, ImportFolder& folder) const;

    const catalog::Catalog& catalog_;
    crypto::WriterId writer_;
    std::multimap<std::string, catalog::FolderRow> rows_;  ///< by their levels
    std::map<std::string, ImportFolder> folders_;
};

}  // namespace mailhold::import_export
