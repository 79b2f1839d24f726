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

/// UID -> flags, nullopt where the server told none.
using FlagsByUid = std::map<Uid, std::optional<Flags>>;

/// Of `ranges`, straight from the server.
FlagsByUid fetch_flags(imap::Client& client, const std::vector<imap::UidRange>& ranges,
                       std::optional<ModSeq> changed_since = {})
{
    FlagsByUid found;
    imap::FetchItems items;
    items.changed_since = changed_since;
    client.fetch(ranges, items,
                 {.message =
                      [&](imap::Fetched&& message) {
                          if (message.uid)
                              found[*message.uid] = std::move(message.flags);
                      },
                  // garbled, yet it is there: asking for the message shows what is wrong with it
                  .failed = [&](Uid uid, const std::string&) { found.try_emplace(uid); },
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

/// `ranges` are sorted and disjoint.
bool in_ranges(Uid uid, const std::vector<imap::UidRange>& ranges)
{
    const auto after_it =
        std::upper_bound(ranges.begin(), ranges.end(), uid,
                         [](Uid one, const imap::UidRange& range) { return one < range.first; });
    return after_it != ranges.begin() && uid <= std::prev(after_it)->last;
}

std::size_t count_below(const std::vector<Uid>& sorted, Uid limit)
{
    return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), limit) -
                                    sorted.begin());
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
        if (known_.cursor)
            next_uid_seen_ = std::max(next_uid_seen_, known_.cursor->uid_next);
        plan_.exists = examined_.exists;
        if (examined_.exists == 0)
            all_went();
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
        plan_.uid_validity = examined_.uid_validity;
        if (!known_.is_new && folder_.status && folder_.status->uid_validity &&
            *folder_.status->uid_validity != examined_.uid_validity)
            throw Error(ErrorKind::refused,
                        "UIDVALIDITY of folder '" + folder_.name + "' changed while it was opened");
    }

    void all_went()
    {
        plan_.vanished = live_;
        plan_.failed_gone = difference(known_.failed, live_);
    }

    /// Below the cursor's UIDNEXT nothing can arrive any more. What is believed of later changes
    /// rests on everything that the server counted at the cursor being placed here, or known to
    /// have failed: a message missing from both would never be asked for again.
    bool cursor_is_complete() const
    {
        const auto& cursor = known_.cursor;
        return cursor && cursor->highest_modseq != ModSeq{0} &&
               count_below(live_, cursor->uid_next) +
                       count_below(known_.failed, cursor->uid_next) ==
                   cursor->exists;
    }

    /// QRESYNC or CONDSTORE told what changed. False when that is not to be had or does not add up.
    bool plan_from_changes()
    {
        if (!cursor_is_complete() || !examined_.highest_modseq || !client_.has("CONDSTORE") ||
            *examined_.highest_modseq < known_.cursor->highest_modseq)
            return false;
        const Uid first_new = known_.cursor->uid_next;
        const std::vector<Uid> newer = uids_from(first_new);
        std::vector<Uid> vanished;
        std::copy_if(live_.begin(), live_.end(), std::back_inserter(vanished), [&](Uid uid) {
            return uid < first_new ? in_ranges(uid, examined_.vanished)
                                   : !std::binary_search(newer.begin(), newer.end(), uid);
        });

        // What is left of before plus what came must be what the server counts, else something was
        // missed.
        const std::vector<Uid> still_there = difference(live_, vanished);
        if (count_below(still_there, first_new) + count_below(known_.failed, first_new) +
                newer.size() !=
            examined_.exists)
            return false;
        compare_flags(changed_flags());
        plan_.vanished = std::move(vanished);
        plan_.to_fetch = difference(newer, live_);
        for (Uid uid : known_.failed)
            if (uid < first_new || std::binary_search(newer.begin(), newer.end(), uid))
                plan_.to_fetch.push_back(uid);
            else
                plan_.failed_gone.push_back(uid);
        return true;
    }

    FlagsByUid changed_flags()
    {
        if (!examined_.resynced)
            return *examined_.highest_modseq == known_.cursor->highest_modseq
                       ? FlagsByUid{}
                       : fetch_flags(client_, {{Uid{1}, largest_uid}},
                                     known_.cursor->highest_modseq);
        FlagsByUid changed;
        for (imap::Fetched& message : examined_.changed)
            if (message.uid)
                changed[*message.uid] = std::move(message.flags);
        return changed;
    }

    std::vector<Uid> uids_from(Uid first)
    {
        std::vector<Uid> uids;
        if (examined_.uid_next && *examined_.uid_next <= first)
            return uids;
        for (const auto& [uid, flags] : fetch_flags(client_, {{first, largest_uid}}))
            if (uid >= first)
                uids.push_back(uid);
        note_next_uid(uids);
        return uids;
    }

    void plan_from_listing()
    {
        FlagsByUid on_server = fetch_flags(client_, {{Uid{1}, largest_uid}});
        if (on_server.size() + client_.expunged_since_examine() < examined_.exists)
            ask_again(on_server);
        const std::size_t told = on_server.size() + client_.expunged_since_examine();
        plan_.unlisted = examined_.exists - std::min<std::size_t>(told, examined_.exists);
        std::vector<Uid> listed;
        listed.reserve(on_server.size());
        for (const auto& [uid, flags] : on_server)
            listed.push_back(uid);
        note_next_uid(listed);
        plan_.vanished = difference(live_, listed);
        plan_.failed_gone = difference(difference(known_.failed, listed), live_);
        plan_.to_fetch = difference(listed, live_);
        compare_flags(on_server);
    }

    /// The listing has fewer messages than the server counts: before those that it lacks are called
    /// vanished, they are asked for by their numbers.
    void ask_again(FlagsByUid& on_server)
    {
        std::vector<Uid> unlisted;
        for (Uid uid : live_)
            if (!on_server.contains(uid))
                unlisted.push_back(uid);
        if (!unlisted.empty())
            on_server.merge(fetch_flags(client_, imap::ranges_of(unlisted)));
    }

    void note_next_uid(const std::vector<Uid>& uids)
    {
        if (!uids.empty())
            next_uid_seen_ = std::max(next_uid_seen_, after(uids.back()));
    }

    void compare_flags(const FlagsByUid& seen)
    {
        for (const auto& [uid, flags] : known_.live) {
            const auto found = seen.find(uid);
            if (found != seen.end() && found->second && *found->second != flags)
                plan_.flag_changes.emplace_back(uid, *found->second);
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

bool is_unchanged(const imap::FolderStatus& status, const catalog::FolderCursor& cursor,
                  std::uint64_t live)
{
    return live == cursor.exists && status.highest_modseq && *status.highest_modseq != ModSeq{0} &&
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
