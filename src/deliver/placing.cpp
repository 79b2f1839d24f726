// The UIDs since the upload began that nobody has claimed, compared by content.

#include "placing.hpp"

#include <algorithm>

namespace mailhold::deliver {

namespace {

class FolderPlacing {
public:
    FolderPlacing(TargetFolder& folder, imap::Client& client, UploadState& state)
        : folder_(folder), client_(client), state_(state)
    {
    }

    /// Asks the server first: what throws has changed nothing.
    void run(const std::vector<Unplaced>& unplaced, UploadMemory& memory,
             std::vector<std::size_t>& to_send_again)
    {
        look();
        std::vector<const Unplaced*> missing;
        // What was accepted comes first: of two equal messages of which one is there, it is that
        // one, and the other is to be sent again.
        for (const bool was_accepted : {true, false})
            for (const Unplaced& message : unplaced)
                if (message.was_accepted == was_accepted && !find(message))
                    missing.push_back(&message);
        for (const Unplaced* message : missing)
            settle_missing(*message, to_send_again);
        memory.remember(folder_.wire_name(), uid_validity_, known_);
    }

private:
    void look()
    {
        uid_validity_ = client_.examine(folder_.wire_name()).uid_validity;
        std::vector<Uid> uids;
        for (const Uid uid : client_.all_uids())
            if (!is_same_folder() || (uid >= folder_.first_new() && !folder_.is_claimed(uid)))
                uids.push_back(uid);
        // One that cannot be read may be one that would be sent again.
        there_ = prints_of(client_, imap::ranges_of(uids), Unreadable::throws);
        for (const auto& [uid, print] : there_)
            by_fingerprint_.emplace(print.fingerprint, uid);
    }

    bool find(const Unplaced& message)
    {
        const auto [first, last] = by_fingerprint_.equal_range(message.print.fingerprint);
        if (first == last)
            return false;
        const auto told = std::find_if(
            first, last, [&](const auto& entry) { return message.uid == entry.second; });
        const auto found = told == last ? first : told;
        const Uid uid = found->second;
        by_fingerprint_.erase(found);
        folder_.claim(uid);
        folder_.note_equal(message.print.fingerprint);
        if (!message.was_accepted)
            state_.uploaded(message.message);
        state_.verified(message.message, message.print, there_.at(uid));
        known_.push_back({.uid = uid, .id = message.id});
        return true;
    }

    /// After all others: an equal message may have been placed meanwhile.
    void settle_missing(const Unplaced& message, std::vector<std::size_t>& to_send_again)
    {
        if (!message.was_accepted) {
            to_send_again.push_back(message.message);
        } else if (message.uid && by_uid(*message.uid)) {
            state_.changed_by_server();
            known_.push_back({.uid = *message.uid, .id = message.id, .is_changed = true});
        } else if (folder_.has_equal(message.id, message.print.fingerprint)) {
            state_.merged();
        } else {
            state_.fail(message.message, "the server accepted it and does not show it");
        }
    }

    bool is_same_folder() const { return uid_validity_ == folder_.uid_validity(); }

    /// Whether something lies there that is no other message of ours.
    bool by_uid(Uid uid) { return is_same_folder() && there_.contains(uid) && folder_.claim(uid); }

    TargetFolder& folder_;
    imap::Client& client_;
    UploadState& state_;
    UidValidity uid_validity_{};
    std::map<Uid, Print> there_;
    std::unordered_multimap<crypto::Hash, Uid, HashOfHash> by_fingerprint_;
    std::vector<UploadMemory::Known> known_;
};

}  // namespace

void place(std::vector<Unplaced>& unplaced, imap::Client& client, UploadState& state,
           UploadMemory& memory, std::vector<std::size_t>& to_send_again)
{
    while (!unplaced.empty()) {
        TargetFolder* folder = unplaced.back().folder;
        const auto is_here = [&](const Unplaced& message) { return message.folder == folder; };
        std::vector<Unplaced> here;
        std::ranges::copy_if(unplaced, std::back_inserter(here), is_here);
        FolderPlacing(*folder, client, state).run(here, memory, to_send_again);
        std::erase_if(unplaced, is_here);
    }
}

}  // namespace mailhold::deliver
