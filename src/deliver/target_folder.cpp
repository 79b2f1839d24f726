// What lies in a folder of the target, read no more than is needed to tell what is missing.

#include "target_folder.hpp"

#include <algorithm>

namespace mailhold::deliver {

namespace {

/// Read with one command when one of them is needed: the next wanted messages lie beside it.
constexpr std::size_t read_ahead_messages = 64;
constexpr std::uint64_t read_ahead_bytes = 4 * mebibyte;

Uid after(Uid uid)
{
    return Uid{static_cast<std::uint32_t>(uid) + 1};
}

}  // namespace

std::map<Uid, Print> prints_of(imap::Client& client, const std::vector<imap::UidRange>& uids,
                               Unreadable unreadable)
{
    std::map<Uid, Print> prints;
    std::string trouble;
    client.fetch(uids, {.flags = false, .internal_date = true, .body = true},
                 {.message =
                      [&](imap::Fetched&& message) {
                          Print print = print_of(*message.body);
                          print.date = message.internal_date;
                          prints.emplace(*message.uid, print);
                      },
                  .failed = [&](Uid, std::string why) { trouble = std::move(why); }});
    if (unreadable == Unreadable::throws && !trouble.empty())
        throw Error(ErrorKind::refused, trouble);
    return prints;
}

void TargetFolder::look(imap::Client& client, const std::vector<UploadMemory::Known>& known)
{
    std::map<Uid, UploadMemory::Known> vouched;
    for (const UploadMemory::Known& message : known)
        vouched.emplace(message.uid, message);
    known_.clear();
    unread_.clear();
    unread_by_beginning_.clear();
    std::vector<Uid> others;
    for (const Uid uid : selected_.exists == 0 ? std::vector<Uid>{} : client.all_uids()) {
        first_new_ = std::max(first_new_, after(uid));
        const auto found = vouched.find(uid);
        if (found == vouched.end())
            others.push_back(uid);
        else
            known_.emplace(found->second.id, found->second);
    }
    client.fetch(imap::ranges_of(others),
                 {.flags = false, .size = true, .body = true, .body_bytes = beginning_bytes},
                 {.message = [&](imap::Fetched&& message) {
                     const std::uint64_t beginning = beginning_of(*message.body);
                     unread_.emplace(*message.uid,
                                     Unread{.beginning = beginning,
                                            .size_bytes = message.rfc822_size.value_or(0)});
                     unread_by_beginning_.emplace(beginning, *message.uid);
                 }});
}

std::vector<UploadMemory::Known> TargetFolder::believed(std::size_t most) const
{
    const std::lock_guard lock(mutex_);
    std::vector<UploadMemory::Known> some;
    for (const auto& [id, known] : known_)
        if (some.size() < most && !known.is_changed)
            some.push_back(known);
    return some;
}

std::optional<UploadMemory::Known> TargetFolder::take_known(const crypto::ContentId& id)
{
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(id);
    if (found == known_.end())
        return {};
    const UploadMemory::Known known = found->second;
    known_.erase(found);
    taken_.insert(id);
    return known;
}

bool TargetFolder::may_hold(std::uint64_t beginning) const
{
    const std::lock_guard lock(mutex_);
    return unread_by_beginning_.contains(beginning);
}

std::vector<Uid> TargetFolder::next_to_read(std::uint64_t beginning) const
{
    const std::lock_guard lock(mutex_);
    std::set<Uid> uids;
    const auto [first, last] = unread_by_beginning_.equal_range(beginning);
    std::uint64_t bytes = 0;
    for (auto at = first; at != last && uids.size() < read_ahead_messages; ++at)
        if (uids.insert(at->second).second)
            bytes += unread_.at(at->second).size_bytes;
    if (uids.empty())
        return {};
    for (auto at = unread_.upper_bound(*uids.begin());
         at != unread_.end() && uids.size() < read_ahead_messages && bytes < read_ahead_bytes; ++at)
        if (uids.insert(at->first).second)
            bytes += at->second.size_bytes;
    return {uids.begin(), uids.end()};
}

void TargetFolder::read_alike(imap::Client& client, std::uint64_t beginning)
{
    const std::lock_guard asking(asking_);
    bool is_open = false;
    for (auto uids = next_to_read(beginning); !uids.empty(); uids = next_to_read(beginning)) {
        if (!std::exchange(is_open, true))
            client.examine(wire_name_);
        const auto prints = prints_of(client, imap::ranges_of(uids));
        const std::lock_guard lock(mutex_);
        for (const Uid uid : uids) {
            const auto unread = unread_.find(uid);
            const auto [first, last] = unread_by_beginning_.equal_range(unread->second.beginning);
            unread_by_beginning_.erase(
                std::find_if(first, last, [&](const auto& entry) { return entry.second == uid; }));
            unread_.erase(unread);
            if (const auto found = prints.find(uid); found != prints.end())
                read_.emplace(found->second.fingerprint, uid);
        }
    }
}

std::optional<Uid> TargetFolder::take_alike(const crypto::Hash& fingerprint)
{
    const std::lock_guard lock(mutex_);
    const auto found = read_.find(fingerprint);
    if (found == read_.end())
        return {};
    const Uid uid = found->second;
    read_.erase(found);
    equal_.insert(fingerprint);
    return uid;
}

bool TargetFolder::make_again(imap::Uploader& session, bool was_made_before)
{
    const std::lock_guard asking(asking_);
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(was_made_again_, true))
            return !was_made_before;
    }
    return session.create(wire_name_).accepted;
}

bool TargetFolder::was_made_again() const
{
    const std::lock_guard lock(mutex_);
    return was_made_again_;
}

bool TargetFolder::claim(Uid uid)
{
    const std::lock_guard lock(mutex_);
    return uid >= first_new_ && claimed_.insert(uid).second;
}

void TargetFolder::disclaim(Uid uid)
{
    const std::lock_guard lock(mutex_);
    claimed_.erase(uid);
}

bool TargetFolder::is_claimed(Uid uid) const
{
    const std::lock_guard lock(mutex_);
    return claimed_.contains(uid);
}

bool TargetFolder::has_equal(const crypto::ContentId& id, const crypto::Hash& fingerprint) const
{
    const std::lock_guard lock(mutex_);
    return taken_.contains(id) || equal_.contains(fingerprint) || read_.contains(fingerprint);
}

void TargetFolder::note_equal(const crypto::Hash& fingerprint)
{
    const std::lock_guard lock(mutex_);
    equal_.insert(fingerprint);
}

}  // namespace mailhold::deliver
