#pragma once
// LIST, NAMESPACE and STATUS.

#include "mailhold/imap/client.hpp"
#include "session.hpp"

namespace mailhold::imap {

std::vector<Namespace> ask_personal_namespaces(Session& session);
std::vector<ListedFolder> list_all_folders(Session& session);
std::vector<std::optional<FolderStatus>> ask_status(Session& session,
                                                    const std::vector<std::string>& names);

}  // namespace mailhold::imap
