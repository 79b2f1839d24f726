// Batches in, answers understood.

#include "upload_worker.hpp"

#include <algorithm>
#include <array>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/log.hpp"

namespace mailhold::deliver {

namespace {

using std::chrono::milliseconds;

/// Read back with one SELECT and few commands, and not left unremembered for long.
constexpr std::size_t verify_at_messages = 800;
constexpr unsigned most_setbacks = 4;
constexpr std::array<milliseconds, 3> pauses{milliseconds(1'000), milliseconds(5'000),
                                             milliseconds(30'000)};

bool says_over_quota(const imap::Answer& answer)
{
    const std::string text = lower_case(answer.text);
    return answer.code == "OVERQUOTA" || text.find("quota") != text.npos ||
           text.find("mailbox is full") != text.npos ||
           text.find("server unavailable. 15") != text.npos;  // Exchange
}

/// Whether the server wants less of everything, and not less of this message.
bool says_later(const imap::Answer& answer)
{
    using enum imap::LoginFailureClass;
    if (answer.code == "LIMIT" || answer.code == "TOOBIG" || answer.code == "SERVERBUG")
        return false;
    const auto failure = imap::classify_refusal(Error(ErrorKind::refused, answer.text), {}).failure;
    return failure == throttled || answer.code == "UNAVAILABLE" || answer.code == "INUSE";
}

std::uint64_t bytes_of_all(const std::vector<Parcel>& group)
{
    std::uint64_t bytes = 0;
    for (const Parcel& parcel : group)
        bytes += parcel.raw.size();
    return bytes;
}

}  // namespace

void UploadWorker::run()
{
    work();
    std::vector<Unplaced> unplaced;
    for (const Sent& one : unverified_)
        unplaced.push_back({.folder = one.folder,
                            .message = one.message,
                            .id = one.id,
                            .print = one.print,
                            .was_accepted = true,
                            .uid = one.uid});
    unverified_.clear();
    state_.leave_unplaced(std::move(unplaced));
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
                verify();
        } catch (const Error& e) {
            if (!survive(e))
                return;
        }
    }
    while (!unverified_.empty() && connect()) {
        try {
            verify();
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
    if (++setbacks_ > most_setbacks) {
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
        Group group = std::move(groups.front());
        groups.pop_front();
        if (group.empty())
            continue;
        try {
            if (!session_ && !connect())
                return;
            append_one(folder, group, groups);
        } catch (const Error&) {
            // What was being sent may have arrived; the rest has not been sent.
            leave_unplaced(folder, group, false);
            settle(group);
            Batch rest{.folder = &folder, .parcels = {}, .bytes = 0};
            for (Group& other : groups)
                std::ranges::move(other, std::back_inserter(rest.parcels));
            if (!rest.parcels.empty())
                state_.give_back(std::move(rest));
            throw;
        }
    }
}

void UploadWorker::append_one(TargetFolder& folder, Group& group, std::deque<Group>& rest)
{
    if (!state_.spend(bytes_of_all(group)))
        return;
    std::vector<imap::AppendItem> items;
    for (const Parcel& parcel : group)
        items.push_back({.flags = parcel.flags, .date = parcel.date, .raw = parcel.raw});
    const imap::Appended appended = session_->append(folder.wire_name(), items);
    if (appended.answer.accepted)
        accepted(folder, group, appended);
    else
        refused(folder, group, appended, rest);
}

void UploadWorker::accepted(TargetFolder& folder, Group& group, const imap::Appended& appended)
{
    waited_ = milliseconds{0};
    pauses_ = 0;
    for (const Parcel& parcel : group)
        state_.uploaded(parcel.message);
    if (appended.uids.empty() || appended.uid_validity != folder.uid_validity()) {
        leave_unplaced(folder, group, true);
    } else {
        for (std::size_t i = 0; i < group.size(); ++i) {
            folder.claim(appended.uids[i]);
            unverified_.push_back({.folder = &folder,
                                   .message = group[i].message,
                                   .id = group[i].id,
                                   .print = group[i].print,
                                   .uid = appended.uids[i]});
        }
    }
    settle(group);
}

void UploadWorker::refused(TargetFolder& folder, Group& group, const imap::Appended& appended,
                           std::deque<Group>& rest)
{
    const imap::Answer& answer = appended.answer;
    state_.take_back(bytes_of_all(group));
    if (appended.is_bad)
        session_.reset();  // nothing more may go over a wire that the server misunderstood
    if (says_over_quota(answer)) {
        state_.end(UploadEnd::over_quota, answer.text);
        return;
    }
    if (wait_as_asked(answer.text) || (says_later(answer) && wait_as_asked({}))) {
        rest.push_front(std::move(group));
        return;
    }
    if (says_later(answer)) {
        state_.end(UploadEnd::lost, answer.text);
        return;
    }
    if (answer.code == "TRYCREATE" && folder.may_be_made_again() &&
        session_->create(folder.wire_name()).accepted) {
        rest.push_front(std::move(group));
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

/// With a text: waits if it names a time. Without: a pause of our own choice, longer each time.
/// False when there is nothing to wait for, or it has been too long.
bool UploadWorker::wait_as_asked(const std::string& text)
{
    std::optional<milliseconds> time = imap::suggested_backoff(text);
    if (text.empty() && pauses_ < pauses.size())
        time = pauses.at(pauses_++);
    if (!time || waited_ + *time > imap::longest_wait)
        return false;
    waited_ += *time;
    log::debug("{}: waits {} ms as the server asks", door_.access().address, time->count());
    imap::wait_for(*time, stop_);
    return true;
}

void UploadWorker::settle(const Group& group)
{
    state_.settle(bytes_of_all(group));
}

void UploadWorker::leave_unplaced(TargetFolder& folder, const Group& group, bool was_accepted)
{
    std::vector<Unplaced> unplaced;
    for (const Parcel& parcel : group)
        unplaced.push_back({.folder = &folder,
                            .message = parcel.message,
                            .id = parcel.id,
                            .print = parcel.print,
                            .was_accepted = was_accepted});
    state_.leave_unplaced(std::move(unplaced));
}

void UploadWorker::verify()
{
    while (!unverified_.empty()) {
        TargetFolder* folder = unverified_.back().folder;
        std::vector<Sent> sent;
        for (const Sent& one : unverified_)
            if (one.folder == folder)
                sent.push_back(one);
        verify_in(*folder, sent);
        std::erase_if(unverified_, [&](const Sent& one) { return one.folder == folder; });
    }
}

void UploadWorker::verify_in(TargetFolder& folder, const std::vector<Sent>& sent)
{
    std::vector<Uid> uids;
    for (const Sent& one : sent)
        uids.push_back(one.uid);
    std::ranges::sort(uids);
    std::map<Uid, Print> found;
    if (session_->reader().examine(folder.wire_name()).uid_validity == folder.uid_validity())
        found = prints_of(session_->reader(), imap::ranges_of(uids));
    std::vector<UploadMemory::Known> known;
    std::vector<Unplaced> unplaced;
    for (const Sent& one : sent) {
        const auto at = found.find(one.uid);
        if (at == found.end()) {
            unplaced.push_back({.folder = &folder,
                                .message = one.message,
                                .id = one.id,
                                .print = one.print,
                                .was_accepted = true});
            continue;
        }
        known.push_back({.uid = one.uid, .id = one.id});
        if (at->second.fingerprint == one.print.fingerprint) {
            folder.note_equal(one.print.fingerprint);
            state_.verified(at->second.exact != one.print.exact);
        } else {
            state_.changed_by_server();
        }
    }
    memory_.remember(folder.wire_name(), folder.uid_validity(), known);
    state_.leave_unplaced(std::move(unplaced));
}

}  // namespace mailhold::deliver
