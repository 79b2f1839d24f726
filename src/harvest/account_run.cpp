// One account's share of a run.

#include "account_run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>

#include <fmt/format.h>

#include "mailhold/base/log.hpp"

#include "remembered_refusal.hpp"

namespace mailhold::harvest {
namespace {

constexpr auto credentials_class = imap::LoginFailureClass::credentials;

bool looks_like_gmail_folder_limit(std::uint32_t exists)
{
    static constexpr std::array<std::uint32_t, 4> limits{1'000, 2'000, 5'000, 10'000};
    return std::find(limits.begin(), limits.end(), exists) != limits.end();
}

/// Yahoo and AOL show a folder's newest messages only, as many as this.
constexpr std::uint32_t yahoo_limit = 10'000;

/// nullopt where trying again is of no use now.
std::optional<std::chrono::milliseconds> pause_before_retry(const Error& error,
                                                            const imap::LoginFailure& failure)
{
    constexpr std::chrono::milliseconds usual{250};
    const bool may_pass = error.kind() == ErrorKind::unreachable || failure.wait;
    const auto pause = failure.wait.value_or(usual);
    return may_pass && pause <= imap::longest_wait ? std::optional(pause) : std::nullopt;
}

}  // namespace

AccountRun::AccountRun(ledger::Ledger& ledger, ledger::Intake& intake, const AccountPlan& plan,
                       const crypto::AccountId& account, ProgressSink& progress,
                       std::stop_token stop)
    : ledger_(ledger), intake_(intake), plan_(plan), account_(account), progress_(progress),
      stop_(stop), door_(plan.access, stop)
{
    report.address = plan.access.address;
    state_.account = plan.access.address;
}

void AccountRun::run()
{
    const auto started = std::chrono::steady_clock::now();
    if (const auto refusal = remembered_refusal(ledger_.catalog(), account_)) {
        report.error = refusal;
        tell_progress(true);
        return;
    }
    try {
        harvest();
    } catch (const imap::LoginError& e) {
        fail(e.failure());
    } catch (const Error& e) {
        if (!imap::concerns_one_account(e.kind()))
            throw;
        if (e.hint().empty())
            fail(imap::classify_refusal(e, plan_.access.provider_step));
        else if (!report.error)  // our own secret is not to be had: no server refused anything
            report.error =
                AccountFailure{.failure_class = std::string(imap::to_string(credentials_class)),
                               .text = printable(e.what()),
                               .hint = e.hint()};
    }
    if (!report.error)
        report.error = incomplete_;
    if (client_)
        client_->logout();
    client_.reset();
    report.ok = !report.error;
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    tell_progress(true);
}

void AccountRun::harvest()
{
    client_ = door_.open();
    forget_refusal(ledger_.catalog(), account_);
    gmail_ = client().has("X-GM-EXT-1");
    std::vector<WorkFolder> folders = settle_folders(server_folders());
    mark_unchanged(folders);

    // Gmail shows one message in All Mail and under each label: bodies come from All Mail first,
    // labels then find them by their id.
    const auto is_all_mail = [](const WorkFolder& folder) {
        return folder.server.listed.attributes.contains("\\all");
    };
    if (gmail_)
        std::stable_partition(folders.begin(), folders.end(), is_all_mail);

    std::vector<FetchFolder> to_fetch;
    for (WorkFolder& folder : folders) {
        if (gmail_ && !is_all_mail(folder) && !to_fetch.empty()) {
            fetch(std::exchange(to_fetch, {}));
            intake_.flush();  // ids become known with the commit
        }
        if (report.error)
            break;
        if (auto found = compare(folder))
            to_fetch.push_back(std::move(*found));
        report.server_messages += folder.exists;
    }
    fetch(std::move(to_fetch));
    tell_unread_folders();
}

imap::Client& AccountRun::client()
{
    if (!client_)
        client_ = door_.open();
    return *client_;
}

std::optional<FetchFolder> AccountRun::compare(WorkFolder& folder)
{
    const imap::ListedFolder& listed = folder.server.listed;
    if (folder.is_unchanged)
        return {};
    std::optional<FolderPlan> found = plan(folder, known(folder));
    if (!found)
        return {};
    folder.exists = found->exists;
    if (folder.server.uid_validity != found->uid_validity) {
        folder.server.uid_validity = found->uid_validity;
        describe(folder, false);
    }
    record_plan(folder, *found);
    const catalog::FolderCursor cursor = found->cursor_after;
    if (found->to_fetch.empty()) {
        intake_.cursor(account_, folder.fid, cursor);
        return {};
    }
    {
        const std::lock_guard lock(progress_mutex_);
        state_.messages_total += found->to_fetch.size();
    }
    return FetchFolder{
        .fid = folder.fid,
        .uid_validity = folder.server.uid_validity,
        .name = listed.name,
        .wire_name = listed.wire_name,
        .uids = std::move(found->to_fetch),
        .complete = [this, fid = folder.fid, cursor] { intake_.cursor(account_, fid, cursor); }};
}

void AccountRun::mark_unchanged(std::vector<WorkFolder>& folders) const
{
    const catalog::Catalog& catalog = ledger_.catalog();
    catalog.reading([&] {
        for (WorkFolder& folder : folders) {
            const catalog::FolderKey key{ledger_.kit().writer, folder.fid};
            const auto cursor = folder.is_new ? std::nullopt : catalog.cursor(key);
            folder.is_unchanged =
                cursor &&
                is_unchanged(*folder.server.listed.status, *cursor, catalog.counts(key).messages) &&
                catalog.unstored_uids(key).empty() && catalog.failed_uids(key).empty();
        }
    });
}

KnownFolder AccountRun::known(const WorkFolder& folder) const
{
    if (folder.is_new)
        return {.is_new = true};
    const catalog::FolderKey key{ledger_.kit().writer, folder.fid};
    const catalog::Catalog& catalog = ledger_.catalog();
    return {.live = catalog.live_flags(key),
            .unstored = catalog.unstored_uids(key),
            .failed = catalog.failed_uids(key),
            .cursor = catalog.cursor(key)};
}

/// A connection lost while comparing is worth a new one, and a pause that the server asks for is
/// kept. nullopt for a folder that the server does not let us read: the others go on.
std::optional<FolderPlan> AccountRun::plan(const WorkFolder& folder, const KnownFolder& known)
{
    constexpr int attempts = 3;
    for (int attempt = 1;; ++attempt) {
        imap::Client& session = client();
        try {
            FolderPlan found = plan_folder(session, folder.server.listed, known);
            if (gmail_)
                place_by_gmail_id(folder, found);
            return found;
        } catch (const Error& e) {
            if (!imap::concerns_one_account(e.kind()))
                throw;
            const imap::LoginFailure failure =
                imap::classify_refusal(e, plan_.access.provider_step);
            if (e.kind() != ErrorKind::refused || failure.wait)
                client_.reset();
            const auto pause = pause_before_retry(e, failure);
            if (!pause || attempt == attempts) {
                folder_failed(folder.server.listed, e);
                return {};
            }
            imap::wait_for(*pause, stop_);
        }
    }
}

void AccountRun::record_plan(const WorkFolder& folder, const FolderPlan& plan)
{
    for (const auto& [uid, flags] : plan.flag_changes)
        intake_.event(account_, vault::FlagsChanged{folder.fid, uid, flags});
    if (!plan.vanished.empty()) {
        intake_.event(account_, vault::Gone{folder.fid, plan.vanished});
        vanished.push_back({{ledger_.kit().writer, folder.fid},
                            folder.server.listed.name,
                            plan.vanished,
                            plan.live_before});
    }
    if (!plan.failed_gone.empty())
        intake_.event(account_, vault::Gone{folder.fid, plan.failed_gone});
    if (plan.unlisted > 0)
        report.warnings.push_back(
            fmt::format("folder '{}': the server counts {} messages and lists {} fewer; the next "
                        "run looks again",
                        printable(folder.server.listed.name), plan.exists, plan.unlisted));
    if (gmail_ && looks_like_gmail_folder_limit(plan.exists))
        report.warnings.push_back(fmt::format("folder '{}' has exactly {} messages: check that "
                                              "Gmail's setting 'Limit IMAP folders to contain no "
                                              "more than this many messages' is off",
                                              printable(folder.server.listed.name), plan.exists));
    if (!gmail_ && plan.exists == yahoo_limit)
        report.warnings.push_back(
            fmt::format("folder '{}' has exactly {} messages: some providers show no more and hide "
                        "the older ones; move mail into further folders to have it all",
                        printable(folder.server.listed.name), plan.exists));
}

/// Takes out of `plan` what is in the vault already under its Gmail id.
void AccountRun::place_by_gmail_id(const WorkFolder& folder, FolderPlan& plan)
{
    if (plan.to_fetch.empty())
        return;
    std::vector<Uid> placed;
    const imap::FetchItems items{
        .flags = true, .internal_date = true, .gmail = true, .changed_since = {}};
    client().fetch(imap::ranges_of(plan.to_fetch), items,
                   {.message =
                        [&](imap::Fetched&& message) {
                            if (!message.uid || !message.gmail_message_id)
                                return;
                            const auto id =
                                ledger_.catalog().by_gmail_id(account_, *message.gmail_message_id);
                            if (!id)
                                return;
                            intake_.placed(account_, {.fid = folder.fid,
                                                      .uid = *message.uid,
                                                      .id = *id,
                                                      .date = message.internal_date,
                                                      .flags = message.flags.value_or(Flags{}),
                                                      .gmail_message_id = message.gmail_message_id,
                                                      .gmail_labels = message.gmail_labels.value_or(
                                                          std::vector<std::string>{})});
                            placed.push_back(*message.uid);
                        },
                    .failed = [](Uid, const std::string&) {},
                    .vanished = [](const imap::UidRange&) {}});
    std::sort(placed.begin(), placed.end());
    std::erase_if(plan.to_fetch,
                  [&](Uid uid) { return std::binary_search(placed.begin(), placed.end(), uid); });
}

void AccountRun::fetch(std::vector<FetchFolder> folders)
{
    if (folders.empty())
        return;
    const FetchEnvironment environment{.plan = plan_,
                                       .account = account_,
                                       .intake = intake_,
                                       .door = door_,
                                       .fetched =
                                           [this](std::uint64_t bytes) {
                                               {
                                                   const std::lock_guard lock(progress_mutex_);
                                                   ++state_.messages_done;
                                                   state_.bytes_done += bytes;
                                               }
                                               tell_progress(false);
                                           },
                                       .gmail = gmail_,
                                       .stop = stop_};
    FetchOutcome outcome = fetch_all(environment, client_, folders);
    std::move(outcome.failed.begin(), outcome.failed.end(), std::back_inserter(report.failed));
    std::move(outcome.warnings.begin(), outcome.warnings.end(),
              std::back_inserter(report.warnings));
    std::move(outcome.unread.begin(), outcome.unread.end(), std::back_inserter(unread_));
    if (outcome.session_breaker)
        stays_incomplete(*outcome.session_breaker);
    if (outcome.trouble)
        fail(*outcome.trouble);
    else if (outcome.unseen_sample && client_)
        check_seen_untouched(folders[outcome.unseen_sample->first], outcome.unseen_sample->second);
}

/// Some servers set \Seen although they were asked with EXAMINE and BODY.PEEK[]: say so rather than
/// hide it.
void AccountRun::check_seen_untouched(const FetchFolder& folder, Uid uid)
{
    bool now_seen = false;
    try {
        client().examine(folder.wire_name);
        client().fetch({{uid, uid}}, {.changed_since = {}},
                       {.message =
                            [&](imap::Fetched&& message) {
                                if (message.uid == uid && message.flags)
                                    now_seen =
                                        std::find(message.flags->begin(), message.flags->end(),
                                                  "\\Seen") != message.flags->end();
                            },
                        .failed = [](Uid, const std::string&) {},
                        .vanished = [](const imap::UidRange&) {}});
    } catch (const Error& e) {
        if (!imap::concerns_one_account(e.kind()))
            throw;
        log::debug("{}: could not look at flags once more: {}", plan_.access.address, e.what());
        client_.reset();
    }
    if (now_seen)
        report.warnings.push_back("this server marks messages as read when they are only looked at "
                                  "(BODY.PEEK under EXAMINE); the "
                                  "flags in the vault are those from before");
}

void AccountRun::fail(const imap::LoginFailure& failure)
{
    if (report.error)
        return;
    report.error = AccountFailure{.failure_class = std::string(imap::to_string(failure.failure)),
                                  .text = printable(failure.text),
                                  .hint = failure.hint};
    if (failure.failure == credentials_class)
        remember_refusal(ledger_.catalog(), account_, *report.error);
}

/// The account was gone through, yet something of it is not in the vault.
void AccountRun::stays_incomplete(const imap::LoginFailure& failure)
{
    if (!incomplete_)
        incomplete_ = AccountFailure{.failure_class = std::string(imap::to_string(failure.failure)),
                                     .text = printable(failure.text),
                                     .hint = failure.hint};
}

void AccountRun::tell_progress(bool finished)
{
    ProgressEvent event;
    {
        const std::lock_guard lock(progress_mutex_);
        state_.finished = finished;
        event = state_;
    }
    progress_.report(event);
}

}  // namespace mailhold::harvest
