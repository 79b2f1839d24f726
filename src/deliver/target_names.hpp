#pragma once
// Which folder of the target a folder becomes.

#include <vector>

#include "mailhold/deliver/upload.hpp"
#include "mailhold/imap/types.hpp"

namespace mailhold::deliver {

class TargetNames {
public:
    /// What the server listed, and its personal namespace.
    TargetNames(std::vector<imap::ListedFolder> listed,
                const std::vector<imap::Namespace>& namespaces);

    FolderTarget target_of(const UploadFolder& folder) const;

    /// Names to try, one after the other, when the server refuses to make the folder.
    std::vector<FolderTarget> others_for(const UploadFolder& folder) const;

    /// A listed folder that is called like this but for the case of its letters: servers that do
    /// not tell cases apart say that a folder "exists" although it is listed otherwise.
    const imap::ListedFolder* same_but_for_case(const std::string& wire_name) const;

private:
    FolderTarget named(const std::vector<std::string>& levels) const;
    const imap::ListedFolder* find(const std::string& wire_name) const;

    std::vector<imap::ListedFolder> listed_;
    std::string prefix_;  ///< wire form, with its separator
    std::optional<char> separator_;
};

}  // namespace mailhold::deliver
