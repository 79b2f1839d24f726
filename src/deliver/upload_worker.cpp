// Batches in, answers understood.

#include "upload_worker.hpp"

#include <algorithm>
#include <utility>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/log.hpp"

#include "verifying.hpp"

namespace mailhold::deliver {

namespace {

/// Read back with one SELECT and few commands, and not left unremembered for long.
constexpr std::size_t verify_at_messages = 800;
constexpr unsigned most_setbacks = 4;

bool says_over_quota(const imap::Answer& answer)
{
    const std::string text = lower_case(answer.text);
    return answer.code == "OVERQUOTA" || text.find("quota") != text.npos ||
           text.find("mailbox is full") != text.npos ||
           text.find("server unavailable. 15") != text.npos;  // Exchange
}

std::uint64_t bytes_of_all(const std::vector<Parcel>& group)
{
    std::uint64_t bytes = 0;
    for (const Parcel& parcel : group)
        bytes += parcel.raw.size();
    return bytes;
}

Unplaced as_unplaced(TargetFolder& folder, const Parcel& parcel, bool was_accepted)
{
    return {.folder = &folder,
            .message = parcel.message,
            .id = parcel.id,
            .print = parcel.print,
            .was_accepted = was_accepted};
}

}  // namespace

void UploadWorker::run()
{
    work();
    for (const Unplaced& one : unverified_)
        one.folder->disclaim(*one.uid);
    state_.leave_unplaced(std::exchange(unverified_, {}));
}

void UploadWorker::work()
{
    while (auto batch = state_.take()) {
        if (!connect()) {
            state_.give_back(std::move(*batch));
            return;
        }
        try {
            handle(std::move(*batch));
            setbacks_ = 0;
            if (unverified_.size() >= verify_at_messages)
                verify(unverified_, session_->reader(), state_, memory_);
        } catch (const Error& e) {
            if (!survive(e))
                return;
        }
    }
    verify_rest();
}

void UploadWorker::verify_rest()
{
    while (!unverified_.empty() && connect()) {
        try {
            verify(unverified_, session_->reader(), state_, memory_);
        } catch (const Error& e) {
            if (!survive(e))
                return;
        }
    }
}

/// False when this worker is to give up.
bool UploadWorker::connect()
{
    if (session_)
        return true;
    try {
        session_ = std::make_unique<imap::Uploader>(is_main_ ? door_.open() : door_.open_once());
        return true;
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::interrupted)
            state_.end(UploadEnd::stopped, "stopped as asked");
        else if (!imap::concerns_one_account(e.kind()))
            throw;
        else if (is_main_)
            state_.end(UploadEnd::lost, e.what());
        else
            log::debug("{}: goes on with fewer connections: {}", door_.access().address, e.what());
        return false;
    }
}

bool UploadWorker::survive(const Error& e)
{
    session_.reset();
    if (e.kind() == ErrorKind::interrupted) {
        state_.end(UploadEnd::stopped, "stopped as asked");
        return false;
    }
    if (!imap::concerns_one_account(e.kind()))
        throw e;
    log::debug("{}: {}", door_.access().address, e.what());
    const bool must_wait = imap::suggested_backoff(e.what()).has_value();
    if (++setbacks_ > most_setbacks || (must_wait && !patience_.wait_as_asked(e.what()))) {
        if (is_main_)
            state_.end(UploadEnd::lost, e.what());
        return false;
    }
    state_.reconnected();
    return true;
}

void UploadWorker::handle(Batch batch)
{
    try {
        take_what_is_there(batch);
    } catch (const Error&) {
        state_.give_back(std::move(batch));
        throw;
    }
    std::deque<Group> groups;
    if (session_->takes_several()) {
        groups.push_back(std::move(batch.parcels));
    } else {
        for (Parcel& parcel : batch.parcels)
            groups.emplace_back().push_back(std::move(parcel));
    }
    append_all(*batch.folder, std::move(groups));
}

void UploadWorker::take_what_is_there(Batch& batch)
{
    TargetFolder& folder = *batch.folder;
    for (const Parcel& parcel : batch.parcels)
        if (folder.may_hold(parcel.beginning))
            folder.read_alike(session_->reader(), parcel.beginning);
    std::vector<UploadMemory::Known> found;
    std::erase_if(batch.parcels, [&](const Parcel& parcel) {
        const auto uid = folder.take_alike(parcel.print.fingerprint);
        if (!uid)
            return false;
        found.push_back({.uid = *uid, .id = parcel.id});
        state_.already_there(parcel.message);
        state_.settle(parcel.raw.size());
        return true;
    });
    if (!found.empty())
        memory_.remember(folder.wire_name(), folder.uid_validity(), found);
}

void UploadWorker::append_all(TargetFolder& folder, std::deque<Group> groups)
{
    while (!groups.empty() && !state_.has_ended()) {
        if (!session_ && !connect()) {
            give_back(folder, std::move(groups));
            return;
        }
        Group group = std::move(groups.front());
        groups.pop_front();
        if (group.empty())
            continue;
        try {
            append_one(folder, group, groups);
        } catch (const Error&) {
            // What was being sent may have arrived; the rest has not been sent.
            leave_unplaced(folder, group, false);
            settle(group);
            give_back(folder, std::move(groups));
            throw;
        }
    }
}

void UploadWorker::give_back(TargetFolder& folder, std::deque<Group> groups)
{
    Batch rest{.folder = &folder, .parcels = {}, .bytes = 0};
    for (Group& group : groups)
        std::ranges::move(group, std::back_inserter(rest.parcels));
    if (!rest.parcels.empty())
        state_.give_back(std::move(rest));
}

void UploadWorker::append_one(TargetFolder& folder, Group& group, std::deque<Group>& rest)
{
    if (!state_.spend(bytes_of_all(group)))
        return;
    std::vector<imap::AppendItem> items;
    for (const Parcel& parcel : group)
        items.push_back({.flags = parcel.flags, .date = parcel.date, .raw = parcel.raw});
    const bool was_made_before = folder.was_made_again();
    const imap::Appended appended = session_->append(folder.wire_name(), items);
    if (appended.answer.accepted) {
        accepted(folder, group, appended);
        return;
    }
    state_.take_back(bytes_of_all(group));
    if (appended.is_bad)
        session_.reset();  // nothing more may go over a wire that the server misunderstood
    if (is_worth_another_try(folder, group, appended, was_made_before))
        rest.push_front(std::move(group));
    else
        refused(group, appended.answer, rest);
}

void UploadWorker::accepted(TargetFolder& folder, Group& group, const imap::Appended& appended)
{
    patience_.renew();
    const bool is_told = !appended.uids.empty() && appended.uid_validity == folder.uid_validity();
    std::vector<Unplaced> unplaced;
    for (std::size_t i = 0; i < group.size(); ++i) {
        const Parcel& parcel = group[i];
        state_.uploaded(parcel.message);
        Unplaced sent = as_unplaced(folder, parcel, true);
        if (is_told && folder.claim(appended.uids[i])) {
            sent.uid = appended.uids[i];
            unverified_.push_back(sent);
        } else {
            unplaced.push_back(sent);
        }
    }
    state_.leave_unplaced(std::move(unplaced));
    settle(group);
}

/// Waits when the server wants it so, makes a folder that vanished, and adds the last line end that
/// some servers insist on, or leaves out keywords they may not like.
bool UploadWorker::is_worth_another_try(TargetFolder& folder, Group& group,
                                        const imap::Appended& appended, bool was_made_before)
{
    const imap::Answer& answer = appended.answer;
    if (says_over_quota(answer))
        return false;
    if (patience_.wait_for_later(answer))
        return true;
    if (answer.code == "TRYCREATE")
        return folder.make_again(*session_, was_made_before);
    if (group.size() > 1 || answer.code == "TOOBIG")
        return false;
    Parcel& alone = group.front();
    if (appended.is_bad && alone.raw.back() != std::byte{'\n'}) {
        std::ranges::copy(bytes_of("\r\n"), std::back_inserter(alone.raw));
        return true;
    }
    return leave_out_keywords(alone);
}

/// False when it has none. The first time it goes again as it is: what a server refuses for the
/// moment only costs no keywords.
bool UploadWorker::leave_out_keywords(Parcel& parcel)
{
    const auto is_keyword = [](const std::string& flag) { return !flag.starts_with('\\'); };
    if (std::ranges::none_of(parcel.flags, is_keyword))
        return false;
    if (!std::exchange(parcel.was_refused, true))
        return true;
    std::erase_if(parcel.flags, [&](const std::string& flag) {
        if (is_keyword(flag))
            state_.left_out(flag);
        return is_keyword(flag);
    });
    return true;
}

void UploadWorker::refused(Group& group, const imap::Answer& answer, std::deque<Group>& rest)
{
    if (says_over_quota(answer)) {
        state_.end(UploadEnd::over_quota, answer.text);
        return;
    }
    if (says_later(answer)) {
        state_.end(UploadEnd::lost, answer.text);
        return;
    }
    if (group.size() == 1) {
        state_.fail(group.front().message, answer.text);
        settle(group);
        return;
    }
    const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    Group second(std::make_move_iterator(middle), std::make_move_iterator(group.end()));
    group.erase(middle, group.end());
    rest.push_front(std::move(second));
    rest.push_front(std::move(group));
}

void UploadWorker::settle(const Group& group)
{
    state_.settle(bytes_of_all(group));
}

void UploadWorker::leave_unplaced(TargetFolder& folder, const Group& group, bool was_accepted)
{
    std::vector<Unplaced> unplaced;
    for (const Parcel& parcel : group)
        unplaced.push_back(as_unplaced(folder, parcel, was_accepted));
    state_.leave_unplaced(std::move(unplaced));
}

}  // namespace mailhold::deliver
