#pragma once
// The account that mail goes to: where folders go, made when they are not there.

#include <map>
#include <memory>
#include <set>

#include "mailhold/imap/door.hpp"

#include "target_folder.hpp"
#include "target_names.hpp"

namespace mailhold::deliver {

class TargetAccount {
public:
    /// Asks what is there. Throws as imap::Client does.
    TargetAccount(imap::Uploader& session, const std::vector<UploadFolder>& folders);

    const Survey& survey() const noexcept { return survey_; }

    /// Makes folder number `i` if it is not there, and looks what lies in it. nullptr when the
    /// server refuses it under every name: why_not() tells. Folders with one target share it.
    /// Throws refused when the server asks to come back later.
    TargetFolder* open(std::size_t i, imap::Uploader& session, UploadMemory& memory,
                       bool subscribe);
    const std::string& why_not(std::size_t i) const { return refusals_.at(i); }

private:
    void part_changed_names();
    bool find_renamed(std::size_t i, imap::Uploader& session, UploadMemory& memory);
    bool make(std::size_t i, imap::Uploader& session);
    bool try_name(FolderTarget& target, imap::Uploader& session, std::string& why);
    bool is_wanted(const std::string& wire_name) const;

    const std::vector<UploadFolder>& wanted_;
    TargetNames names_;
    Survey survey_;
    std::map<std::size_t, std::string> refusals_;
    std::set<std::string> made_;  ///< lower case
    std::map<std::string, std::unique_ptr<TargetFolder>> open_;
};

}  // namespace mailhold::deliver
