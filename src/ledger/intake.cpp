// The intake: callers' threads hash and detach, one worker collects and commits, the archive
// builder's threads compress and seal.

#include "mailhold/ledger/intake.hpp"

#include <algorithm>
#include <thread>

#include "mailhold/base/error.hpp"

#include "core.hpp"
#include "intake_queue.hpp"
#include "open_commit.hpp"
#include "opening.hpp"

namespace mailhold::ledger {

namespace {

/// What a message costs in the queue beside its bytes.
constexpr std::uint64_t item_overhead_bytes = 1 * kibibyte;

}  // namespace

struct Intake::State {
    State(Core& core_, const std::string& run, const IntakeOptions& options)
        : core(ready_for_commits(core_)), run_id(run), hasher(core.writer().key_i.view()),
          texts(options.index ? std::make_unique<MessageTexts>(options.index->threads) : nullptr),
          queue(options.queue_bytes), open(core, run, options)
    {
    }

    ~State()
    {
        queue.close(std::nullopt);
        if (worker.joinable())
            worker.join();
    }

    void push(Item item) { queue.push(std::move(item), queue.reserve(item_overhead_bytes)); }

    void work()
    {
        try {
            while (!finished) {
                Item item;
                Room room;
                const auto taken = queue.take(item, room, open.due_at());
                if (taken == IntakeQueue::Taken::closed)
                    return;
                if (taken == IntakeQueue::Taken::item)
                    std::visit(*this, std::move(item));
                if (open.is_due())
                    commit();
            }
        } catch (const Error& e) {
            queue.close(e);
        } catch (const std::exception& e) {
            queue.close(Error(ErrorKind::bug, e.what()));
        }
    }

    Commit commit()
    {
        const Commit made = open.commit();
        queue.announce([&] {
            tallies = open.tallies();
            index_failure = open.index_failure();
        });
        return made;
    }

    // --- One overload an item.
    void operator()(PreparedMessage&& message) { open.add(std::move(message)); }
    void operator()(PlacedItem&& item) { open.add(item.account, std::move(item.placed)); }
    void operator()(EventItem&& item) { open.add(item.account, std::move(item.event)); }
    void operator()(CursorItem&& item) { open.add_cursor(item.fid, item.cursor); }

    void operator()(FlushItem&& item)
    {
        commit();
        queue.announce([&] { flushed = std::max(flushed, item.ticket); });
    }

    /// What a run could not read of attachments stands in the journal: nobody will try again.
    void add_unread_documents()
    {
        const IndexTrouble trouble = texts ? texts->trouble() : IndexTrouble{};
        if (trouble.unread_documents == 0)
            return;
        open.add(crypto::AccountId{},
                 vault::Event(vault::Record{
                     .space = "unread_documents",
                     .key = run_id,
                     .value = Json::object({{"count", trouble.unread_documents},
                                            {"first_reason", trouble.first_reason}})}));
    }

    void operator()(FinishItem&& item)
    {
        add_unread_documents();
        open.add(crypto::AccountId{}, vault::Event(std::move(item.end)));
        const Commit made = commit();
        finished = true;
        queue.announce([&] { result = made; });
    }

    Core& core;
    std::string run_id;
    crypto::ContentHasher hasher;
    std::unique_ptr<MessageTexts> texts;  ///< nullptr: no index
    IntakeQueue queue;
    OpenCommit open;        ///< the worker's
    bool finished = false;  ///< the worker's

    // Under the queue's lock.
    std::uint64_t tickets = 0;
    std::uint64_t flushed = 0;
    std::optional<Commit> result;
    std::map<crypto::AccountId, AccountTally> tallies;
    std::string index_failure;

    std::thread worker;
};

Intake::Intake(Ledger& ledger, const std::string& run_id, const IntakeOptions& options)
    : state_(std::make_unique<State>(ledger.state_->core, run_id, options))
{
    state_->worker = std::thread([state = state_.get()] { state->work(); });
}

Intake::~Intake() = default;

void Intake::message(Arrival arrival)
{
    State& state = *state_;
    Room room = state.queue.reserve(arrival.raw.size() + item_overhead_bytes);
    PreparedMessage prepared =
        prepare(std::move(arrival), state.hasher, *state.core.catalog, state.texts.get());
    room.shrink_to(prepared.held_bytes() + item_overhead_bytes);
    state.queue.push(std::move(prepared), std::move(room));
}

void Intake::placed(const crypto::AccountId& account, vault::Placed placed)
{
    state_->push(PlacedItem{account, std::move(placed)});
}

void Intake::event(const crypto::AccountId& account, vault::Event event)
{
    state_->push(EventItem{account, std::move(event)});
}

void Intake::cursor(const crypto::AccountId&, FolderId fid, const catalog::FolderCursor& cursor)
{
    state_->push(CursorItem{fid, cursor});
}

void Intake::flush()
{
    State& state = *state_;
    std::uint64_t ticket = 0;
    state.queue.announce([&] { ticket = ++state.tickets; });
    state.push(FlushItem{ticket});
    state.queue.wait_until([&] { return state.flushed >= ticket; });
}

AccountTally Intake::tally(const crypto::AccountId& account) const
{
    AccountTally tally;
    state_->queue.announce([&] {
        const auto found = state_->tallies.find(account);
        if (found != state_->tallies.end())
            tally = found->second;
    });
    return tally;
}

IndexTrouble Intake::index_trouble() const
{
    IndexTrouble trouble = state_->texts ? state_->texts->trouble() : IndexTrouble{};
    state_->queue.announce([&] { trouble.failure = state_->index_failure; });
    return trouble;
}

Commit Intake::finish(const vault::RunEnd& end)
{
    State& state = *state_;
    state.push(FinishItem{end});
    state.queue.wait_until([&] { return state.result.has_value(); });
    state.queue.close(std::nullopt);
    return *state.result;
}

}  // namespace mailhold::ledger
