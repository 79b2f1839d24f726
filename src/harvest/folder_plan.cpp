// Compares one folder on the server with its placements.

#include "mailhold/base/error.hpp"

#include "folder_plan.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace mailhold::harvest {
namespace {

constexpr Uid largest_uid{0xFFFF'FFFF};

Uid after(Uid uid)
{
    return Uid{static_cast<std::uint32_t>(uid) + 1};
}

/// UID -> flags of `range`, straight from the server.
std::map<Uid, Flags> fetch_flags(imap::Client& client, imap::UidRange range,
                                 std::optional<ModSeq> changed_since = {})
{
    std::map<Uid, Flags> found;
    imap::FetchItems items;
    items.changed_since = changed_since;
    client.fetch({range}, items,
                 {.message =
                      [&](imap::Fetched&& message) {
                          if (message.uid && message.flags)
                              found[*message.uid] = std::move(*message.flags);
                      },
                  .failed = [](Uid, const std::string&) {},
                  .vanished = [](const imap::UidRange&) {}});
    return found;
}

std::vector<Uid> difference(const std::vector<Uid>& a, const std::vector<Uid>& b)
{
    std::vector<Uid> out;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

std::vector<Uid> uids_of(const std::vector<std::pair<Uid, Flags>>& live)
{
    std::vector<Uid> uids;
    uids.reserve(live.size());
    for (const auto& [uid, flags] : live)
        uids.push_back(uid);
    return uids;
}

bool in_ranges(Uid uid, const std::vector<imap::UidRange>& ranges)
{
    return std::any_of(ranges.begin(), ranges.end(), [uid](const imap::UidRange& range) {
        return range.first <= uid && uid <= range.last;
    });
}

class Planner {
public:
    Planner(imap::Client& client, const imap::ListedFolder& folder, const KnownFolder& known)
        : client_(client), folder_(folder), known_(known), live_(uids_of(known.live))
    {
    }

    FolderPlan plan()
    {
        examine();
        plan_.live_before = live_.size();
        plan_.exists = examined_.exists;
        if (examined_.exists == 0)
            plan_.vanished = live_;
        else if (!plan_from_changes())
            plan_from_listing();
        add_missing_content();
        plan_.cursor_after = {.highest_modseq = examined_.highest_modseq.value_or(ModSeq{0}),
                              .uid_next = examined_.uid_next.value_or(next_uid_seen_),
                              .exists = examined_.exists};
        return std::move(plan_);
    }

private:
    void examine()
    {
        std::optional<imap::QresyncCursor> cursor;
        if (known_.cursor && known_.cursor->highest_modseq != ModSeq{0} && client_.has("QRESYNC") &&
            folder_.status && folder_.status->uid_validity)
            cursor = {*folder_.status->uid_validity, known_.cursor->highest_modseq};
        examined_ = client_.examine(folder_.wire_name, cursor);
        if (folder_.status && folder_.status->uid_validity &&
            *folder_.status->uid_validity != examined_.uid_validity)
            throw Error(ErrorKind::refused,
                        "UIDVALIDITY of folder '" + folder_.name + "' changed while it was opened");
    }

    /// QRESYNC or CONDSTORE told what changed. False when that is not to be had or does not add up.
    bool plan_from_changes()
    {
        if (!known_.cursor || known_.cursor->highest_modseq == ModSeq{0} ||
            !examined_.highest_modseq || !client_.has("CONDSTORE"))
            return false;
        const Uid first_new =
            std::max(known_.cursor->uid_next, live_.empty() ? Uid{1} : after(live_.back()));
        std::map<Uid, Flags> changed;
        if (examined_.resynced) {
            for (imap::Fetched& message : examined_.changed)
                if (message.uid && message.flags)
                    changed[*message.uid] = std::move(*message.flags);
        } else if (*examined_.highest_modseq != known_.cursor->highest_modseq) {
            changed = fetch_flags(client_, {Uid{1}, largest_uid}, known_.cursor->highest_modseq);
        }
        std::vector<Uid> vanished;
        std::copy_if(live_.begin(), live_.end(), std::back_inserter(vanished),
                     [&](Uid uid) { return in_ranges(uid, examined_.vanished); });
        const std::vector<Uid> arrived = uids_from(first_new);

        // Placements minus vanished plus arrived must be what the server counts, else something was
        // missed.
        const std::vector<Uid> still_there = difference(live_, vanished);
        if (still_there.size() + arrived.size() + known_.failed.size() != examined_.exists)
            return false;
        plan_.vanished = std::move(vanished);
        plan_.to_fetch = arrived;
        plan_.to_fetch.insert(plan_.to_fetch.end(), known_.failed.begin(), known_.failed.end());
        compare_flags(changed);
        return true;
    }

    std::vector<Uid> uids_from(Uid first)
    {
        std::vector<Uid> uids;
        if (examined_.uid_next && *examined_.uid_next <= first)
            return uids;
        for (const auto& [uid, flags] : fetch_flags(client_, {first, largest_uid}))
            if (uid >= first)
                uids.push_back(uid);
        note_next_uid(uids);
        return uids;
    }

    void plan_from_listing()
    {
        const std::map<Uid, Flags> on_server = fetch_flags(client_, {Uid{1}, largest_uid});
        std::vector<Uid> listed;
        listed.reserve(on_server.size());
        for (const auto& [uid, flags] : on_server)
            listed.push_back(uid);
        note_next_uid(listed);
        plan_.vanished = difference(live_, listed);
        plan_.to_fetch = difference(listed, live_);
        compare_flags(on_server);
    }

    void note_next_uid(const std::vector<Uid>& uids)
    {
        if (!uids.empty())
            next_uid_seen_ = std::max(next_uid_seen_, after(uids.back()));
    }

    void compare_flags(const std::map<Uid, Flags>& seen)
    {
        for (const auto& [uid, flags] : known_.live) {
            const auto found = seen.find(uid);
            if (found != seen.end() && found->second != flags)
                plan_.flag_changes.emplace_back(uid, found->second);
        }
    }

    /// Mail whose archive is lost or damaged is fetched again while the server still has it.
    void add_missing_content()
    {
        for (Uid uid : known_.unstored)
            if (!std::binary_search(plan_.vanished.begin(), plan_.vanished.end(), uid))
                plan_.to_fetch.push_back(uid);
        std::sort(plan_.to_fetch.begin(), plan_.to_fetch.end());
        plan_.to_fetch.erase(std::unique(plan_.to_fetch.begin(), plan_.to_fetch.end()),
                             plan_.to_fetch.end());
    }

    imap::Client& client_;
    const imap::ListedFolder& folder_;
    const KnownFolder& known_;
    std::vector<Uid> live_;
    imap::ExaminedFolder examined_;
    FolderPlan plan_;
    Uid next_uid_seen_{1};
};

}  // namespace

bool is_unchanged(const imap::FolderStatus& status, const catalog::FolderCursor& cursor)
{
    return status.highest_modseq && *status.highest_modseq != ModSeq{0} &&
           *status.highest_modseq == cursor.highest_modseq && status.uid_next &&
           *status.uid_next == cursor.uid_next && status.messages &&
           *status.messages == cursor.exists;
}

FolderPlan plan_folder(imap::Client& client, const imap::ListedFolder& folder,
                       const KnownFolder& known)
{
    return Planner(client, folder, known).plan();
}

}  // namespace mailhold::harvest
