// Fetches one account's new messages over several connections.

#include "fetcher.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "mailhold/base/log.hpp"

#include "fetch_queue.hpp"

namespace mailhold::harvest {
namespace {

constexpr std::size_t messages_per_extra_connection = 2'000;
constexpr int most_setbacks_without_progress = 3;
constexpr int most_broken_answers = 25;

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
        : environment_(environment), folders_(folders), queue_(folders),
          size_differs_(folders.size())
    {
    }

    FetchOutcome run(std::unique_ptr<imap::Client>& main)
    {
        {
            std::vector<std::jthread> helpers;
            const std::size_t extra =
                std::min<std::size_t>(environment_.plan.connections - 1,
                                      queue_.messages_waiting() / messages_per_extra_connection);
            for (std::size_t i = 0; i < extra; ++i)
                helpers.emplace_back([this] { help(); });
            guard([&] { work(main); });
        }
        if (failure_)
            std::rethrow_exception(failure_);
        for (std::size_t i = 0; i < folders_.size(); ++i)
            if (size_differs_[i] > 0)
                outcome_.warnings.push_back(fmt::format(
                    "folder '{}': the server states a wrong size for {} of {} messages; "
                    "stored as they came",
                    printable(folders_[i].name), size_differs_[i], folders_[i].uids.size()));
        return std::move(outcome_);
    }

private:
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
            try {
                client = environment_.door.open_once();
            } catch (const Error& e) {
                if (e.kind() == ErrorKind::interrupted)
                    throw;
                log::debug("{}: goes on with fewer connections: {}", environment_.plan.address,
                           e.what());
                return;
            }
            work(client);
            if (client)
                client->logout();
        });
    }

    void work(std::unique_ptr<imap::Client>& client)
    {
        std::optional<std::size_t> open_folder;
        while (auto taken = queue_.take(open_folder)) {
            OpenTask task(std::move(*taken));
            if (!client)
                reconnect(client);
            if (!client) {
                queue_.done(task.task(), {{task.task().folder, task.left()}});
            } else if (!fetch(task, *client, open_folder)) {
                client.reset();
                open_folder.reset();
            }
        }
    }

    void reconnect(std::unique_ptr<imap::Client>& client)
    {
        try {
            client = environment_.door.open();
        } catch (const LoginError& e) {
            give_up(e.failure());
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
        const std::size_t folder = task.task().folder;
        try {
            if (open_folder != folder) {
                open_folder.reset();
                client.examine(folders_[folder].wire_name);
                open_folder = folder;
            }
            fetch_messages(task, client);
            queue_.done(task.task());
            return true;
        } catch (const Error& e) {
            if (e.kind() == ErrorKind::refused) {
                folder_refused(task, e);
                return true;
            }
            if (e.kind() == ErrorKind::malformed)
                broken_answer(task, client.interrupted_message(), e);
            else if (e.kind() == ErrorKind::unreachable)
                connection_lost(task, e);
            else
                throw;
            return false;
        }
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
            if (message.rfc822_size && *message.rfc822_size != bytes)
                ++size_differs_[folder];
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

    /// The folder cannot be opened (any more): what it held stays in the vault, the other folders
    /// go on.
    void folder_refused(const OpenTask& task, const Error& e)
    {
        const FetchFolder& folder = folders_[task.task().folder];
        queue_.drop_folder(task.task().folder);
        queue_.done(task.task());
        const std::lock_guard lock(mutex_);
        outcome_.warnings.push_back(fmt::format("folder '{}' could not be read to its end: {}",
                                                printable(folder.name), e.what()));
    }

    /// The message that broke the session (answers come in order: if the server did not tell, the
    /// first that has not come) is asked for once more alone, and recorded as failed when it does
    /// it again.
    void broken_answer(OpenTask& task, std::optional<Uid> culprit, const Error& e)
    {
        const std::size_t folder = task.task().folder;
        std::vector<Uid> left = task.left();
        if (task.task().uids.size() == 1 && !left.empty()) {
            failed(task, left.front(), e.what());
            left.clear();
        }
        std::vector<FetchTask> tasks;
        if (!left.empty()) {
            const Uid suspect = culprit && task.waits_for(*culprit) ? *culprit : left.front();
            std::erase(left, suspect);
            tasks.push_back({folder, std::move(left)});
            tasks.push_back({folder, {suspect}});
        }
        queue_.done(task.task(), std::move(tasks));
        if (++broken_answers_ > most_broken_answers)
            give_up(imap::classify_refusal(e, environment_.plan.provider_step));
    }

    void connection_lost(const OpenTask& task, const Error& e)
    {
        bool hopeless = false;
        {
            const std::lock_guard lock(mutex_);
            hopeless = ++setbacks_ > most_setbacks_without_progress;
        }
        log::debug("{}: {}", environment_.plan.address, e.what());
        queue_.done(task.task(), {{task.task().folder, task.left()}});
        const imap::LoginFailure failure =
            imap::classify_refusal(e, environment_.plan.provider_step);
        if (hopeless)
            give_up(failure);
        else if (failure.wait)
            wait_for(*failure.wait, environment_.stop);
    }

    const FetchEnvironment& environment_;
    const std::vector<FetchFolder>& folders_;
    FetchQueue queue_;
    std::mutex mutex_;  ///< guards all below
    FetchOutcome outcome_;
    std::vector<std::uint64_t> size_differs_;
    int setbacks_ = 0;
    std::atomic<int> broken_answers_ = 0;
    std::exception_ptr failure_;
};

}  // namespace

FetchOutcome fetch_all(const FetchEnvironment& environment, std::unique_ptr<imap::Client>& main,
                       const std::vector<FetchFolder>& folders)
{
    return Fetcher(environment, folders).run(main);
}

}  // namespace mailhold::harvest
