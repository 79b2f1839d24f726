#pragma once
// Compares one folder on the server with its placements: what to fetch, what went, which flags
// changed.

#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/imap/client.hpp"

namespace mailhold::harvest {

struct FolderPlan {
    UidValidity uid_validity{};    ///< what all UIDs here are of
    std::vector<Uid> to_fetch;     ///< on the server, not (or no longer) in the vault; sorted
    std::vector<Uid> vanished;     ///< placed and live until now, no longer on the server; sorted
    std::vector<Uid> failed_gone;  ///< could not be fetched last time, and went since; sorted
    std::vector<std::pair<Uid, Flags>> flag_changes;
    std::uint64_t live_before = 0;
    std::uint32_t exists = 0;
    std::uint64_t unlisted = 0;          ///< messages that the server counts and gives no UID of
    catalog::FolderCursor cursor_after;  ///< to be stored once everything of this plan is committed
};

/// True when the counters prove that nothing came, went or changed since `cursor` (needs
/// CONDSTORE), and all that the server counted then is here: `live` placements. A message that was
/// listed and then not given leaves a folder that must be looked at again.
bool is_unchanged(const imap::FolderStatus& status, const catalog::FolderCursor& cursor,
                  std::uint64_t live);

/// What the catalog knows of a folder.
struct KnownFolder {
    bool is_new = false;                        ///< nothing, under whatever UIDVALIDITY
    std::vector<std::pair<Uid, Flags>> live{};  ///< by UID
    std::vector<Uid> unstored{};                ///< live, but their mail is no longer in the vault
    std::vector<Uid> failed{};                  ///< could not be fetched last time
    std::optional<catalog::FolderCursor> cursor{};
};

/// EXAMINEs the folder and compares. Leaves the folder open. QRESYNC and CONDSTORE are used where
/// they are there and their answer is consistent with the message count; else all UIDs are listed.
/// Throws refused when the folder has another UIDVALIDITY than STATUS said, unless it is new: some
/// servers only settle it for good when a folder is opened for the first time.
FolderPlan plan_folder(imap::Client& client, const imap::ListedFolder& folder,
                       const KnownFolder& known);

}  // namespace mailhold::harvest
