#pragma once
// One folder of the target while mail goes into it: what was there before, and what came.

#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

#include "mailhold/deliver/upload.hpp"
#include "mailhold/imap/uploader.hpp"

#include "fingerprint.hpp"

namespace mailhold::deliver {

struct HashOfHash {
    template <class Id>
    std::size_t operator()(const Id& id) const noexcept
    {
        return read_le<std::size_t>(id.bytes(), 0);
    }
};

/// Thread-safe. A message that was there counts for one wanted message only: two equal ones that
/// are wanted and one that is there leave one to upload.
class TargetFolder {
public:
    TargetFolder(std::string wire_name, const imap::SelectedFolder& selected)
        : wire_name_(std::move(wire_name)), selected_(selected)
    {
    }

    const std::string& wire_name() const noexcept { return wire_name_; }
    UidValidity uid_validity() const noexcept { return selected_.uid_validity; }
    const imap::SelectedFolder& selected() const noexcept { return selected_; }

    /// Reads what `client`, which has the folder open, shows of it: beginnings, or nothing of
    /// messages that `known` vouches for. Called again, it forgets what it knew.
    void look(imap::Client& client, const std::vector<UploadMemory::Known>& known);

    /// Some of what is there by `known` alone; not what the server changed.
    std::vector<UploadMemory::Known> believed(std::size_t most) const;

    /// Takes a message of this content that was there.
    std::optional<UploadMemory::Known> take_known(const crypto::ContentId& id);

    /// True when something that begins like this is not known by its content yet.
    bool may_hold(std::uint64_t beginning) const;
    /// Reads those, and some more with the same command. `client` gets the folder opened.
    void read_alike(imap::Client& client, std::uint64_t beginning);
    /// Takes a message of this fingerprint that was there.
    std::optional<Uid> take_alike(const crypto::Hash& fingerprint);

    /// A folder that vanished is made again once. `was_made_before`: what was_made_again() said
    /// before the message was sent for which there is no folder now. True when it is worth trying
    /// again.
    bool make_again(imap::Uploader& session, bool was_made_before);
    bool was_made_again() const;

    /// UIDs that came while mail was uploaded begin here.
    Uid first_new() const noexcept { return first_new_; }
    /// It is one of ours, and accounted for. False when it cannot be: it was there before, or is
    /// another message's already.
    bool claim(Uid uid);
    void disclaim(Uid uid);
    bool is_claimed(Uid uid) const;
    /// Something equal is there, or was put there by this upload.
    bool has_equal(const crypto::ContentId& id, const crypto::Hash& fingerprint) const;
    void note_equal(const crypto::Hash& fingerprint);

private:
    struct Unread {
        std::uint64_t beginning = 0;
        std::uint64_t size_bytes = 0;
    };
    std::vector<Uid> next_to_read(std::uint64_t beginning) const;

    const std::string wire_name_;
    const imap::SelectedFolder selected_;
    Uid first_new_{1};

    std::mutex asking_;         ///< one thread asks the server for it at a time
    mutable std::mutex mutex_;  ///< guards all below
    std::unordered_multimap<crypto::ContentId, UploadMemory::Known, HashOfHash> known_;
    std::set<crypto::ContentId> taken_;  ///< of those
    std::map<Uid, Unread> unread_;
    std::unordered_multimap<std::uint64_t, Uid> unread_by_beginning_;
    std::unordered_multimap<crypto::Hash, Uid, HashOfHash> read_;
    std::set<crypto::Hash> equal_;
    std::set<Uid> claimed_;
    bool was_made_again_ = false;
};

/// Messages that the server has and does not give: left out, or refused is thrown.
enum class Unreadable { left_out, throws };

/// What the open folder has of `uids`.
std::map<Uid, Print> prints_of(imap::Client& client, const std::vector<imap::UidRange>& uids,
                               Unreadable unreadable = Unreadable::left_out);

}  // namespace mailhold::deliver
