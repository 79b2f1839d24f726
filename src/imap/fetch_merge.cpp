// Merging of FETCH data by UID, and by sequence number where that is safe.

#include "fetch_merge.hpp"

#include <algorithm>

#include "sequence_set.hpp"

namespace mailhold::imap {

namespace {

/// Incomplete messages kept waiting, in number and in bytes of their bodies.
constexpr std::size_t max_pending = 256;
constexpr std::size_t max_pending_bytes = 16 * mebibyte;

template <class Value>
void move_if_told(std::optional<Value>& to, std::optional<Value>& from)
{
    if (from)
        to = std::move(from);
}

/// Later data wins, being newer; a body never changes.
void merge(Fetched& into, Fetched&& from)
{
    move_if_told(into.uid, from.uid);
    move_if_told(into.flags, from.flags);
    move_if_told(into.internal_date, from.internal_date);
    move_if_told(into.rfc822_size, from.rfc822_size);
    move_if_told(into.modseq, from.modseq);
    move_if_told(into.gmail_message_id, from.gmail_message_id);
    move_if_told(into.gmail_labels, from.gmail_labels);
    if (!into.body)
        move_if_told(into.body, from.body);
}

}  // namespace

bool UidSet::contains(Uid uid) const
{
    const auto number = static_cast<std::uint32_t>(uid);
    const auto page = pages_.find(number / page_size);
    return page != pages_.end() && page->second.test(number % page_size);
}

void UidSet::insert(Uid uid)
{
    const auto number = static_cast<std::uint32_t>(uid);
    pages_[number / page_size].set(number % page_size);
}

FetchMerge::FetchMerge(std::vector<UidRange> wanted, FetchItems items,
                       Client::FetchHandlers handlers)
    : wanted_(std::move(wanted)), items_(items), handlers_(std::move(handlers))
{
}

void FetchMerge::take(FetchData&& data)
{
    const auto uid = data.message.uid;
    if (uid && (!contains(wanted_, *uid) || settled_.contains(*uid)))
        return;  // an unsolicited change of flags, or `n:*` answered with the last message below n
    // Most responses are whole; they pass without a stop in the list.
    if (pending_.empty() && data.broken.empty() && is_complete(data.message)) {
        hand_on({data.sequence, std::move(data.message), {}});
        return;
    }
    const auto entry = entry_of(data);
    merge(entry->message, std::move(data.message));
    if (entry->broken.empty())
        entry->broken = std::move(data.broken);
    if (is_complete(entry->message) || (entry->message.uid && !entry->broken.empty()))
        settle(entry);
    else
        drop_oldest_if_too_many();
}

/// The entry that `data` belongs to, made when there is none. Data under one sequence number joins
/// unless both sides name different UIDs.
FetchMerge::Entries::iterator FetchMerge::entry_of(const FetchData& data)
{
    const auto same = [&](const Pending& entry) {
        if (data.message.uid && entry.message.uid)
            return *data.message.uid == *entry.message.uid;
        return entry.sequence != 0 && entry.sequence == data.sequence;
    };
    const auto found = std::find_if(pending_.begin(), pending_.end(), same);
    if (found == pending_.end())
        return pending_.insert(pending_.end(), {data.sequence, {}, {}});
    return found;
}

bool FetchMerge::is_complete(const Fetched& message) const
{
    return message.uid && (!items_.flags || message.flags) &&
           (!items_.internal_date || message.internal_date) &&
           (!items_.size || message.rfc822_size) && (!items_.modseq || message.modseq) &&
           (!items_.gmail || (message.gmail_message_id && message.gmail_labels)) &&
           (!items_.body || message.body);
}

void FetchMerge::settle(Entries::iterator entry)
{
    Pending done = std::move(*entry);
    pending_.erase(entry);
    hand_on(std::move(done));
}

void FetchMerge::hand_on(Pending&& done)
{
    const Uid uid = done.message.uid.value_or(Uid{0});
    if (!contains(wanted_, uid) || settled_.contains(uid))
        return;
    if (!done.broken.empty()) {
        fail(uid, done.broken);
    } else if (items_.body && !done.message.body) {
        fail(uid, "the server sent no body");
    } else {
        settled_.insert(uid);
        ++handed_on_;
        handlers_.message(std::move(done.message));
    }
}

std::string FetchMerge::take_unattributed_failure()
{
    const auto broken = std::find_if(pending_.begin(), pending_.end(), [](const Pending& entry) {
        return !entry.message.uid && !entry.broken.empty();
    });
    if (broken == pending_.end())
        return {};
    std::string why = std::move(broken->broken);
    pending_.erase(broken);
    return why;
}

void FetchMerge::fail(Uid uid, const std::string& why)
{
    if (settled_.contains(uid))
        return;
    settled_.insert(uid);
    if (handlers_.failed)
        handlers_.failed(uid, why);
}

void FetchMerge::drop_oldest_if_too_many()
{
    std::size_t bytes = 0;
    for (const Pending& entry : pending_)
        bytes += entry.message.body ? entry.message.body->size() : 0;
    if (pending_.size() > max_pending || (bytes > max_pending_bytes && pending_.size() > 1))
        settle(pending_.begin());
}

void FetchMerge::expunged(std::uint32_t sequence)
{
    for (auto entry = pending_.begin(); entry != pending_.end();) {
        const bool gone = entry->sequence == sequence;
        if (entry->sequence > sequence)
            --entry->sequence;
        else if (gone)
            entry->sequence = 0;
        entry = gone && !entry->message.uid ? pending_.erase(entry) : std::next(entry);
    }
}

void FetchMerge::forget_sequence_numbers()
{
    std::erase_if(pending_, [](const Pending& entry) { return !entry.message.uid; });
    for (Pending& entry : pending_)
        entry.sequence = 0;
}

void FetchMerge::finish(const std::vector<UidRange>& uids)
{
    for (auto entry = pending_.begin(); entry != pending_.end();) {
        const auto current = entry++;
        if (current->message.uid && contains(uids, *current->message.uid))
            settle(current);
    }
}

}  // namespace mailhold::imap
