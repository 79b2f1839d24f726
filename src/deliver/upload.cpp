// The upload: this thread reads messages and makes batches, others send them.

#include "mailhold/deliver/upload.hpp"

#include <algorithm>
#include <numeric>
#include <thread>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/deliver/unreadable.hpp"

#include "believing.hpp"
#include "patience.hpp"
#include "placing.hpp"
#include "read_receipt.hpp"
#include "target_account.hpp"
#include "upload_worker.hpp"

namespace mailhold::deliver {

namespace {

/// What was on its way when connections broke is looked for and sent again, in ever smaller
/// batches: a message that breaks the connection each time comes to be alone.
constexpr int most_rounds = 6;
constexpr std::size_t smaller_each_round = 5;
/// Attempts to look into the target, each with a new connection.
constexpr int most_looks = 3;

/// The threads that send; each with a connection of its own.
class Workers {
public:
    Workers(const imap::Door& door, UploadState& state, UploadMemory& memory,
            const std::stop_token& stop)
        : door_(door), state_(state), memory_(memory), stop_(stop)
    {
    }
    ~Workers()
    {
        state_.close();
        threads_.clear();
    }

    /// One more, within the account's limit.
    void add(std::unique_ptr<imap::Uploader> session)
    {
        if (workers_.size() >= std::max(door_.access().connections, 1U))
            return;
        UploadWorker& worker = *workers_.emplace_back(
            std::make_unique<UploadWorker>(door_, state_, memory_, stop_, workers_.empty()));
        worker.lend(std::move(session));
        threads_.emplace_back([this, &worker] { run(worker); });
    }

    std::size_t count() const { return workers_.size(); }

    /// Waits for all. Throws what one of them could not bear.
    std::unique_ptr<imap::Uploader> join()
    {
        state_.close();
        threads_.clear();
        if (failure_)
            std::rethrow_exception(failure_);
        return workers_.empty() ? nullptr : workers_.front()->session();
    }

private:
    void run(UploadWorker& worker)
    {
        try {
            worker.run();
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_)
                failure_ = std::current_exception();
            state_.end(UploadEnd::lost, "it failed on this machine");
        }
    }

    const imap::Door& door_;
    UploadState& state_;
    UploadMemory& memory_;
    const std::stop_token& stop_;
    std::vector<std::unique_ptr<UploadWorker>> workers_;
    std::mutex mutex_;
    std::exception_ptr failure_;
    std::vector<std::jthread> threads_;
};

/// One run of an upload.
class Run {
public:
    Run(std::span<const UploadMessage> messages, const Upload::ReadMessage& read,
        const imap::Door& door, TargetAccount& account, const UploadOptions& options,
        UploadMemory& memory, ProgressSink& progress, const std::stop_token& stop)
        : messages_(messages), read_(read), door_(door), account_(account), options_(options),
          memory_(memory), stop_(stop), state_(messages, options, progress, door.access().address),
          patience_(door.access().address, stop)
    {
    }

    UploadReport execute(std::unique_ptr<imap::Uploader> session)
    {
        session_ = std::move(session);
        std::vector<std::size_t> to_send(messages_.size());
        std::iota(to_send.begin(), to_send.end(), std::size_t{0});
        try {
            open_folders();
            for (int round = 0; round < most_rounds && !to_send.empty(); ++round) {
                to_send = send(to_send);
                is_first_round_ = false;
                batch_messages_ = std::max<std::size_t>(1, batch_messages_ / smaller_each_round);
            }
            for (std::size_t i = 0; i < to_send.size() && !state_.has_ended(); ++i)
                state_.fail(to_send[i], "the connection broke each time that it was sent");
        } catch (const Error& e) {
            if (e.kind() == ErrorKind::interrupted)
                state_.end(UploadEnd::stopped, "stopped as asked");
            else if (imap::concerns_one_account(e.kind()))
                state_.end(UploadEnd::lost, e.what());
            else
                throw;
        }
        UploadReport report = state_.report();
        add_warnings(report);
        return report;
    }

private:
    void add_warnings(UploadReport& report) const
    {
        for (const auto& [flag, count] : dropped_)
            report.warnings.push_back(fmt::format(
                "{} of {} messages is not kept there; it stays in the vault", flag, count));
        for (const FolderTarget& target : account_.survey().folders)
            if (!target.note.empty())
                report.warnings.push_back(
                    fmt::format("went to '{}': {}", target.name, target.note));
        if (ask_for_receipts_ > 0)
            report.warnings.push_back(
                fmt::format("{} {} for a read receipt; opening {} may send one", ask_for_receipts_,
                            ask_for_receipts_ == 1 ? "message asks" : "messages ask",
                            ask_for_receipts_ == 1 ? "it" : "them"));
    }

    void open_folders()
    {
        for (std::size_t i = 0; i < account_.survey().folders.size(); ++i)
            look([&](imap::Uploader& session) {
                TargetFolder* folder = account_.open(i, session, memory_, options_.subscribe);
                if (folder != nullptr && std::ranges::find(folders_, folder) == folders_.end())
                    believe_or_read(*folder, session.reader(), read_);
                folders_.push_back(folder);
            });
    }

    /// Does `work` with a session, again with a new one where that breaks, and later where the
    /// server wants it so.
    template <class Work>
    void look(const Work& work)
    {
        for (int attempt = 1;; ++attempt) {
            try {
                if (!session_)
                    session_ = std::make_unique<imap::Uploader>(door_.open());
                work(*session_);
                return;
            } catch (const imap::LoginError&) {
                throw;  // the door has tried long enough
            } catch (const Error& e) {
                session_.reset();
                if (attempt == most_looks || !imap::concerns_one_account(e.kind()) ||
                    (says_later(e) && !patience_.wait_for_later(e)))
                    throw;
            }
        }
    }

    /// Gives what has to be sent again.
    std::vector<std::size_t> send(const std::vector<std::size_t>& numbers)
    {
        state_.reopen();
        {
            Workers workers(door_, state_, memory_, stop_);
            workers_ = &workers;
            for (const std::size_t number : numbers)
                if (!send_one(number))
                    break;
            flush_all();
            session_ = workers.join();
            workers_ = nullptr;
        }
        std::vector<std::size_t> to_send_again = state_.take_untaken();
        std::vector<Unplaced> unplaced = state_.take_unplaced();
        if (std::ranges::any_of(unplaced, [](const Unplaced& one) { return !one.was_accepted; }))
            imap::wait_for(options_.settling_time, stop_);
        if (!unplaced.empty())
            look([&](imap::Uploader& session) {
                place(unplaced, session.reader(), state_, memory_, to_send_again);
            });
        std::ranges::sort(to_send_again);
        return to_send_again;
    }

    /// False when the upload has ended.
    bool send_one(std::size_t number)
    {
        const UploadMessage& message = messages_[number];
        if (stop_.stop_requested())
            state_.end(UploadEnd::stopped, "stopped as asked");
        TargetFolder* folder = folders_[message.folder];
        if (folder == nullptr) {
            state_.fail(number, account_.why_not(message.folder));
        } else if (const auto known = folder->take_known(message.id)) {
            state_.already_there(number);
            if (known->is_changed)
                state_.changed_by_server();
        } else if (const auto limit = account_.survey().append_limit;
                   limit && message.size_bytes > *limit) {
            state_.fail(number, fmt::format("it has {} bytes, and the server takes {}",
                                            message.size_bytes, *limit));
        } else {
            pack(number, *folder);
        }
        return !state_.has_ended();
    }

    void pack(std::size_t number, TargetFolder& folder)
    {
        const UploadMessage& message = messages_[number];
        // What waits here for its batch must not keep others from going on.
        if (packed_bytes_ + message.size_bytes > options_.memory_bytes / 2)
            flush_all();
        if (!state_.wait_for_room(message.size_bytes))
            return;
        auto raw = read(number);
        if (!raw) {
            state_.settle(message.size_bytes);
            return;
        }
        Batch& batch = packed_[&folder];
        batch.folder = &folder;
        batch.bytes += raw->size();
        packed_bytes_ += raw->size();
        batch.parcels.push_back(parcel_of(number, folder, std::move(*raw)));
        if (batch.parcels.size() >= batch_messages_ || batch.bytes >= options_.batch_bytes)
            flush(folder);
    }

    Parcel parcel_of(std::size_t number, const TargetFolder& folder, ByteBuffer raw)
    {
        const UploadMessage& message = messages_[number];
        DroppedFlags dropped;
        Parcel parcel{
            .message = number,
            .id = message.id,
            .date = message.date,
            .flags = flags_for_target(message.flags, folder.selected().permanent_flags, dropped),
            .raw = std::move(raw),
            .print = {},
            .beginning = 0,
            .was_refused = false};
        parcel.print = print_of(parcel.raw);
        parcel.beginning = beginning_of(parcel.raw);
        if (is_first_round_) {
            for (const auto& [flag, count] : dropped)
                dropped_[flag] += count;
            ask_for_receipts_ += asks_for_receipt(parcel.raw, message.flags) ? 1 : 0;
        }
        return parcel;
    }

    /// nullopt for one that cannot be read or sent; the report has it then.
    std::optional<ByteBuffer> read(std::size_t number)
    {
        try {
            ByteBuffer raw = read_(messages_[number].id);
            if (!raw.empty())
                return raw;
            state_.fail(number, "it is empty, which IMAP servers do not take");
        } catch (const Error& e) {
            if (!concerns_one_message(e.kind()))
                throw;
            state_.fail(number, e.what());
        }
        return {};
    }

    void flush(TargetFolder& folder)
    {
        auto node = packed_.extract(&folder);
        packed_bytes_ -= std::min(node.mapped().bytes, packed_bytes_);
        state_.put(std::move(node.mapped()));
        workers_->add(workers_->count() == 0 ? std::move(session_) : nullptr);
    }

    void flush_all()
    {
        while (!packed_.empty())
            flush(*packed_.begin()->first);
    }

    const std::span<const UploadMessage> messages_;
    const Upload::ReadMessage& read_;
    const imap::Door& door_;
    TargetAccount& account_;
    const UploadOptions& options_;
    UploadMemory& memory_;
    const std::stop_token& stop_;
    UploadState state_;
    Patience patience_;
    std::unique_ptr<imap::Uploader> session_;
    std::vector<TargetFolder*> folders_;
    std::size_t batch_messages_ = options_.batch_messages;
    std::map<TargetFolder*, Batch> packed_;
    std::uint64_t packed_bytes_ = 0;
    Workers* workers_ = nullptr;
    bool is_first_round_ = true;  ///< later ones read the same messages again
    DroppedFlags dropped_;
    std::uint64_t ask_for_receipts_ = 0;
};

}  // namespace

struct Upload::State {
    imap::Access access;
    std::vector<UploadFolder> folders;
    UploadOptions options;
    UploadMemory& memory;
    std::unique_ptr<imap::Uploader> session = {};
    std::optional<TargetAccount> account = {};
};

Upload::Upload(imap::Access access, std::vector<UploadFolder> folders, UploadOptions options,
               UploadMemory& memory)
    : state_(new State{.access = std::move(access),
                       .folders = std::move(folders),
                       .options = options,
                       .memory = memory})
{
}

Upload::~Upload() = default;

const Survey& Upload::survey(const std::stop_token& stop)
{
    if (!state_->account) {
        state_->session = std::make_unique<imap::Uploader>(imap::Door(state_->access, stop).open());
        state_->account.emplace(*state_->session, state_->folders);
    }
    return state_->account->survey();
}

UploadReport Upload::run(std::span<const UploadMessage> messages, const ReadMessage& read,
                         ProgressSink& progress, const std::stop_token& stop)
{
    const auto started = std::chrono::steady_clock::now();
    survey(stop);
    const imap::Door door(state_->access, stop);
    UploadReport report =
        Run(messages, read, door, *state_->account, state_->options, state_->memory, progress, stop)
            .execute(std::move(state_->session));
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return report;
}

}  // namespace mailhold::deliver
