// Fetches one account's new messages over several connections.

#include "fetcher.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "mailhold/base/log.hpp"

#include "fetch_queue.hpp"

#include "remembered_refusal.hpp"

namespace mailhold::harvest {
namespace {

constexpr std::size_t messages_per_extra_connection = 500;
constexpr unsigned most_setbacks_without_progress = 3;  ///< for each connection
constexpr unsigned most_session_breakers = 25;

/// The task being worked on: which of its UIDs have come.
class OpenTask {
public:
    explicit OpenTask(FetchTask task) : task_(std::move(task)), settled_(task_.uids.size()) {}

    const FetchTask& task() const { return task_; }
    bool waits_for(Uid uid) const
    {
        const auto at = position(uid);
        return at && !settled_[*at];
    }
    void settle(Uid uid)
    {
        if (const auto at = position(uid))
            settled_[*at] = true;
    }
    std::vector<Uid> left() const
    {
        std::vector<Uid> uids;
        for (std::size_t i = 0; i < settled_.size(); ++i)
            if (!settled_[i])
                uids.push_back(task_.uids[i]);
        return uids;
    }

private:
    std::optional<std::size_t> position(Uid uid) const
    {
        const auto found = std::lower_bound(task_.uids.begin(), task_.uids.end(), uid);
        if (found == task_.uids.end() || *found != uid)
            return {};
        return static_cast<std::size_t>(found - task_.uids.begin());
    }

    FetchTask task_;
    std::vector<bool> settled_;
};

bool seen(const Flags& flags)
{
    return std::find(flags.begin(), flags.end(), "\\Seen") != flags.end();
}

class Fetcher {
public:
    Fetcher(const FetchEnvironment& environment, const std::vector<FetchFolder>& folders)
        : environment_(environment), folders_(folders), queue_(folders), oddities_(folders.size())
    {
    }

    FetchOutcome run(std::unique_ptr<imap::Client>& main)
    {
        {
            std::vector<std::jthread> helpers;
            const std::size_t extra =
                std::min<std::size_t>(std::max(environment_.plan.access.connections, 1U) - 1,
                                      queue_.messages_waiting() / messages_per_extra_connection);
            for (std::size_t i = 0; i < extra; ++i)
                helpers.emplace_back([this] { help(); });
            guard([&] { work(main, Part::main); });
        }
        if (failure_)
            std::rethrow_exception(failure_);
        tell_oddities();
        return std::move(outcome_);
    }

private:
    /// Worth a word, and no reason not to store what came.
    struct Oddities {
        std::uint64_t wrong_size = 0;
        std::uint64_t empty = 0;
    };

    void tell_oddities()
    {
        for (std::size_t i = 0; i < folders_.size(); ++i) {
            const std::string name = printable(folders_[i].name);
            const std::size_t all = folders_[i].uids.size();
            if (oddities_[i].wrong_size > 0)
                outcome_.warnings.push_back(
                    fmt::format("folder '{}': the server states a wrong size for {} of {} "
                                "messages; stored as they came",
                                name, oddities_[i].wrong_size, all));
            if (oddities_[i].empty > 0)
                outcome_.warnings.push_back(
                    fmt::format("folder '{}': {} of {} messages are empty, the server gives no "
                                "bytes for them; stored as they came",
                                name, oddities_[i].empty, all));
        }
    }

    /// Further connections cost only speed when they fail.
    enum class Part { main, helper };

    /// Thread entry: whatever escapes ends the whole fetch and is rethrown by run().
    template <class Work>
    void guard(Work work) noexcept
    {
        try {
            work();
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_)
                failure_ = std::current_exception();
            queue_.close();
        }
    }

    void help() noexcept
    {
        guard([&] {
            std::unique_ptr<imap::Client> client;
            if (connect(client, Part::helper))
                work(client, Part::helper);
            if (client)
                client->logout();
        });
    }

    void work(std::unique_ptr<imap::Client>& client, Part part)
    {
        std::optional<std::size_t> open_folder;
        while (auto taken = queue_.take(open_folder)) {
            OpenTask task(std::move(*taken));
            if (!client && !connect(client, part)) {
                queue_.done(task.task(), {put_back(task)});
                return;
            }
            if (!fetch(task, *client, open_folder)) {
                client.reset();
                open_folder.reset();
            }
        }
    }

    /// False when there is no session to be had; without the main one the account is given up.
    bool connect(std::unique_ptr<imap::Client>& client, Part part)
    {
        try {
            client = part == Part::main ? environment_.door.open() : environment_.door.open_once();
            return true;
        } catch (const imap::LoginError& e) {
            if (part == Part::main)
                give_up(e.failure());
            else
                log::debug("{}: goes on with fewer connections: {}",
                           environment_.plan.access.address, e.what());
            return false;
        }
    }

    void give_up(imap::LoginFailure failure)
    {
        const std::lock_guard lock(mutex_);
        if (!outcome_.trouble)
            outcome_.trouble = std::move(failure);
        queue_.close();
    }

    /// False when the session is spent.
    bool fetch(OpenTask& task, imap::Client& client, std::optional<std::size_t>& open_folder)
    {
        bool asked = false;
        try {
            if (open_folder != task.task().folder) {
                open_folder.reset();
                open(folders_[task.task().folder], client);
                open_folder = task.task().folder;
            }
            asked = true;
            fetch_messages(task, client);
            queue_.done(task.task());
            return true;
        } catch (const Error& e) {
            const bool asks_to_wait =
                imap::classify_refusal(e, environment_.plan.access.provider_step).wait.has_value();
            if (e.kind() == ErrorKind::refused && !asks_to_wait) {
                folder_refused(task, e);
                return true;
            }
            if (!imap::concerns_one_account(e.kind()))
                throw;
            session_lost(task, asked ? suspect_of(task, client) : std::nullopt, e);
            return false;
        }
    }

    static void open(const FetchFolder& folder, imap::Client& client)
    {
        if (client.examine(folder.wire_name).uid_validity != folder.uid_validity)
            throw Error(ErrorKind::refused, "its UIDVALIDITY changed meanwhile");
    }

    void fetch_messages(OpenTask& task, imap::Client& client)
    {
        const imap::FetchItems items{.flags = true,
                                     .internal_date = true,
                                     .size = true,
                                     .modseq = false,
                                     .gmail = environment_.gmail,
                                     .body = true,
                                     .changed_since = {}};
        client.fetch(
            imap::ranges_of(task.task().uids), items,
            {.message = [&](imap::Fetched&& message) { arrived(task, std::move(message)); },
             .failed = [&](Uid uid, const std::string& why) { failed(task, uid, why); },
             .vanished = [](const imap::UidRange&) {}});
    }

    void arrived(OpenTask& task, imap::Fetched&& message)
    {
        if (!message.uid || !task.waits_for(*message.uid))
            return;  // unasked for: another message's flags, or the last message for n:* beyond the
                     // end
        if (!message.body) {
            if (message.rfc822_size)  // an answer to our command, yet without the message
                failed(task, *message.uid, "the server sent no body");
            return;
        }
        const std::size_t folder = task.task().folder;
        const std::uint64_t bytes = message.body->size();
        {
            const std::lock_guard lock(mutex_);
            setbacks_ = 0;
            if (bytes == 0)
                ++oddities_[folder].empty;
            else if (message.rfc822_size && *message.rfc822_size != bytes)
                ++oddities_[folder].wrong_size;
            if (!outcome_.unseen_sample && message.flags && !seen(*message.flags))
                outcome_.unseen_sample = {folder, *message.uid};
        }
        task.settle(*message.uid);
        environment_.intake.message(
            {.account = environment_.account,
             .placed = {.fid = folders_[folder].fid,
                        .uid = *message.uid,
                        .id = {},
                        .date = message.internal_date,
                        .flags = message.flags.value_or(Flags{}),
                        .gmail_message_id = message.gmail_message_id,
                        .gmail_labels = message.gmail_labels.value_or(std::vector<std::string>{})},
             .raw = std::move(*message.body)});
        environment_.fetched(bytes);
    }

    void failed(OpenTask& task, Uid uid, const std::string& why)
    {
        const FetchFolder& folder = folders_[task.task().folder];
        task.settle(uid);
        environment_.intake.event(environment_.account,
                                  vault::Failed{folder.fid, uid, printable(why)});
        const std::lock_guard lock(mutex_);
        outcome_.failed.push_back({folder.name, uid, printable(why)});
    }

    /// The folder cannot be read (any more): what it held stays in the vault, the other folders go
    /// on.
    void folder_refused(const OpenTask& task, const Error& e)
    {
        const FetchFolder& folder = folders_[task.task().folder];
        const imap::LoginFailure failure =
            imap::classify_refusal(e, environment_.plan.access.provider_step);
        if (concerns_whole_account(failure.failure)) {
            queue_.done(task.task(), {put_back(task)});
            give_up(failure);
            return;
        }
        queue_.drop_folder(task.task().folder);
        queue_.done(task.task());
        const std::lock_guard lock(mutex_);
        outcome_.unread.push_back({folder.name, folder.wire_name, failure});
    }

    static FetchTask put_back(const OpenTask& task)
    {
        return {.folder = task.task().folder,
                .uids = task.left(),
                .is_suspect = task.task().is_suspect};
    }

    /// The message at which the session broke: the one that was arriving, or, as answers come in
    /// order, the first that has not come.
    static std::optional<Uid> suspect_of(const OpenTask& task, const imap::Client& client)
    {
        const auto arriving = client.interrupted_message();
        if (arriving && task.waits_for(*arriving))
            return arriving;
        const std::vector<Uid> left = task.left();
        return left.empty() ? std::nullopt : std::optional(left.front());
    }

    /// A new session goes on with what is left. The suspect is asked for once more, alone; when
    /// the session breaks again it is recorded as failed, so that it keeps no other message out.
    void session_lost(OpenTask& task, std::optional<Uid> suspect, const Error& e)
    {
        log::debug("{}: {}", environment_.plan.access.address, e.what());
        const imap::LoginFailure failure =
            imap::classify_refusal(e, environment_.plan.access.provider_step);
        const bool hopeless =
            is_setback_too_many() || failure.wait.value_or(imap::longest_wait) > imap::longest_wait;
        if (failure.failure == imap::LoginFailureClass::throttled)
            suspect.reset();  // it hung up over how much, not over what
        std::vector<FetchTask> left;
        if (suspect && !hopeless && task.task().is_suspect) {
            broke_again(task, *suspect, failure);
        } else if (suspect && !hopeless) {
            FetchTask others = put_back(task);
            std::erase(others.uids, *suspect);
            left.push_back(std::move(others));
            left.push_back({.folder = task.task().folder, .uids = {*suspect}, .is_suspect = true});
        } else {
            left.push_back(put_back(task));
        }
        queue_.done(task.task(), std::move(left));
        if (hopeless)
            give_up(failure);
        else if (failure.wait)
            imap::wait_for(*failure.wait, environment_.stop);
    }

    bool is_setback_too_many()
    {
        const std::lock_guard lock(mutex_);
        return ++setbacks_ > most_setbacks_without_progress *
                                 std::max(environment_.plan.access.connections, 1U) ||
               session_breakers_ >= most_session_breakers;
    }

    void broke_again(OpenTask& task, Uid uid, imap::LoginFailure failure)
    {
        const std::string why = failure.text;
        failed(task, uid, why);
        failure.text = fmt::format("the message with UID {} in folder '{}' breaks the session: {}",
                                   static_cast<std::uint32_t>(uid),
                                   printable(folders_[task.task().folder].name), why);
        failure.hint = "the other messages are in, and each run tries this one again; open it with "
                       "a mail program, and if that fails too, tell the server's operator";
        const std::lock_guard lock(mutex_);
        setbacks_ = 0;  // without it the others go on
        ++session_breakers_;
        if (!outcome_.session_breaker)
            outcome_.session_breaker = std::move(failure);
    }

    const FetchEnvironment& environment_;
    const std::vector<FetchFolder>& folders_;
    FetchQueue queue_;
    std::mutex mutex_;  ///< guards all below
    FetchOutcome outcome_;
    std::vector<Oddities> oddities_;
    unsigned setbacks_ = 0;
    unsigned session_breakers_ = 0;
    std::exception_ptr failure_;
};

}  // namespace

FetchOutcome fetch_all(const FetchEnvironment& environment, std::unique_ptr<imap::Client>& main,
                       const std::vector<FetchFolder>& folders)
{
    return Fetcher(environment, folders).run(main);
}

}  // namespace mailhold::harvest
