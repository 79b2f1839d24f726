#pragma once
// Which folder on the server is which folder in the catalog: the same, renamed, new, or gone.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/imap/types.hpp"

namespace mailhold::harvest {

/// A folder on the server with its UIDVALIDITY known.
struct ServerFolder {
    imap::ListedFolder listed;
    UidValidity uid_validity{};
};

struct FolderMatch {
    std::size_t server_index = 0;
    std::optional<catalog::FolderRow> row;  ///< nullopt: a new folder or a new incarnation
    bool renamed = false;
};

struct MatchResult {
    std::vector<FolderMatch> matches;      ///< one for each server folder, in their order
    std::vector<catalog::FolderRow> gone;  ///< rows that no server folder continues
};

/// `same_content` proves that a candidate rename really holds the row's messages: many servers give
/// one UIDVALIDITY to all folders made in the same second.
using SameContent = std::function<bool(const ServerFolder&, const catalog::FolderRow&)>;

/// Name and UIDVALIDITY equal: the same. Else same UIDVALIDITY, a name that vanished, and proven
/// content: renamed. Rows already gone are never matched: a UIDVALIDITY that comes back is a new
/// incarnation (docs/format.md, Journal).
MatchResult match_folders(const std::vector<ServerFolder>& server,
                          const std::vector<catalog::FolderRow>& rows,
                          const SameContent& same_content);

/// True when `name` fits one of the patterns ('*' any run, '?' any one character; INBOX without
/// regard to case).
bool is_excluded(std::string_view name, const std::vector<std::string>& patterns);

/// "\\sent" and the like from the LIST attributes; empty when none.
std::string special_use(const imap::ListedFolder& folder);

}  // namespace mailhold::harvest
