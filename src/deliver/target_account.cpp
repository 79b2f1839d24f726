// Folders found, made, or made under another name.

#include "target_account.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/json.hpp"

#include "patience.hpp"

namespace mailhold::deliver {

TargetAccount::TargetAccount(imap::Uploader& session, const std::vector<UploadFolder>& folders)
    : wanted_(folders),
      names_(session.reader().list_folders(), session.reader().personal_namespaces())
{
    for (const UploadFolder& folder : folders)
        survey_.folders.push_back(names_.target_of(folder));
    part_changed_names();
    survey_.append_limit = session.append_limit_bytes();
    if (const auto quota = session.quota("INBOX"))
        survey_.quota = Quota{.used_bytes = quota->used_bytes, .limit_bytes = quota->limit_bytes};
}

/// A name that had to be changed must not become another folder's.
void TargetAccount::part_changed_names()
{
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        FolderTarget& target = survey_.folders[i];
        const bool is_anothers = [&] {
            for (std::size_t j = 0; j < wanted_.size(); ++j)
                if (survey_.folders[j].wire_name == target.wire_name &&
                    wanted_[j].levels != wanted_[i].levels)
                    return true;
            return false;
        }();
        if (target.note.empty() || !is_anothers)
            continue;
        FolderTarget other = names_.others_for(wanted_[i]).back();
        other.note = target.note;
        target = std::move(other);
    }
}

/// True when `target` is there now. Names that were made in this upload and differ in case only are
/// another folder's on a server that does not tell cases apart.
bool TargetAccount::try_name(FolderTarget& target, imap::Uploader& session, std::string& why)
{
    const imap::Answer answer = session.create(target.wire_name);
    const std::string lower = lower_case(target.wire_name);
    if (answer.accepted) {
        made_.insert(lower);
        return true;
    }
    if (says_later(answer))
        throw Error(ErrorKind::refused, answer.text);
    why = answer.text;
    if (made_.contains(lower))
        return false;
    if (const imap::ListedFolder* listed = names_.same_but_for_case(target.wire_name);
        listed && listed->selectable()) {
        if (is_wanted(listed->wire_name))
            return false;
        target.name = listed->name;
        target.wire_name = listed->wire_name;
        target.exists = true;
        return true;
    }
    return answer.code == "ALREADYEXISTS";
}

/// Whether a folder goes to exactly this one: no other is put into it unasked.
bool TargetAccount::is_wanted(const std::string& wire_name) const
{
    return std::ranges::find(survey_.folders, wire_name, &FolderTarget::wire_name) !=
           survey_.folders.end();
}

/// An earlier upload had to take another name: going on with it keeps mail from being there twice
/// when the server takes the right one now.
bool TargetAccount::find_renamed(std::size_t i, imap::Uploader& session, UploadMemory& memory)
{
    FolderTarget& target = survey_.folders[i];
    for (FolderTarget& other : names_.others_for(wanted_[i])) {
        if (!other.exists || is_wanted(other.wire_name))
            continue;
        const auto status = session.reader().status({other.wire_name}).front();
        if (!status || !status->uid_validity ||
            memory.known(other.wire_name, *status->uid_validity).empty())
            continue;
        other.note = fmt::format("an earlier upload could not make '{}'", printable(target.name));
        target = std::move(other);
        return true;
    }
    return false;
}

bool TargetAccount::make(std::size_t i, imap::Uploader& session)
{
    FolderTarget& target = survey_.folders[i];
    std::string why;
    // Twice: what is refused for the moment only must not change a name for good.
    if (try_name(target, session, why) || try_name(target, session, why))
        return true;
    const std::string refused = target.name;
    for (FolderTarget& other : names_.others_for(wanted_[i])) {
        std::string again;
        if (other.wire_name == target.wire_name ||
            (!other.exists && !try_name(other, session, again)))
            continue;
        target = std::move(other);
        target.note = fmt::format("the server refuses '{}': {}", printable(refused), why);
        return true;
    }
    refusals_[i] = fmt::format("the server refuses the folder '{}': {}", printable(refused), why);
    return false;
}

TargetFolder* TargetAccount::open(std::size_t i, imap::Uploader& session, UploadMemory& memory,
                                  bool subscribe)
{
    FolderTarget& target = survey_.folders[i];
    if (const auto known = open_.find(target.wire_name); known != open_.end())
        return known->second.get();
    if (!target.exists && !find_renamed(i, session, memory) && !make(i, session))
        return nullptr;
    target.exists = true;  // should what follows have to be tried again
    if (const auto known = open_.find(target.wire_name); known != open_.end())
        return known->second.get();  // it has become one that is open
    if (subscribe && made_.contains(lower_case(target.wire_name)))
        session.subscribe(target.wire_name);
    try {
        const imap::SelectedFolder selected = session.select(target.wire_name);
        auto folder = std::make_unique<TargetFolder>(target.wire_name, selected);
        folder->look(session.reader(), memory.known(target.wire_name, selected.uid_validity));
        return (open_[target.wire_name] = std::move(folder)).get();
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::refused || says_later(e))
            throw;
        refusals_[i] = e.what();
        return nullptr;
    }
}

}  // namespace mailhold::deliver
