// Threads that index what stands in a queue, each into databases of its own; joined at the end.

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include <unistd.h>

#include "mailhold/base/error.hpp"

#include "document.hpp"
#include "mailhold/index/shard.hpp"
#include "memory_file.hpp"
#include "small_databases.hpp"
#include "start_threads.hpp"

namespace mailhold::index {

namespace {

constexpr std::size_t max_queued_bytes = 8 * mebibyte;
constexpr int nicer = 3;  // still a third of a processor beside what else keeps it busy

/// Of the process, for the calling thread: whoever fills the queue must not be kept waiting, or it
/// runs empty. Measured: an eighth of two cores lay idle.
void let_others_go_first() noexcept
{
    static_cast<void>(::nice(nicer));  // in Linux a thread's
}

std::size_t text_bytes_of(const mail::Searchable& message)
{
    std::size_t bytes = message.subject.size() + message.text.size();
    for (const mail::SearchableAttachment& attachment : message.attachments)
        bytes += attachment.text.size();
    return bytes;
}

}  // namespace

struct ShardBuilder::State {
    std::filesystem::path folder;
    Languages languages;
    std::uint64_t documents = 0;

    std::mutex mutex;
    std::condition_variable room;  // in the queue, or a worker failed
    std::condition_variable work;  // in the queue, or the end
    std::deque<Entry> queue;
    std::size_t queued_bytes = 0;
    bool ended = false;
    std::exception_ptr failure;
    Paths finished;

    std::vector<std::jthread> threads;

    ~State() { close(); }  // before they are joined

    std::optional<Entry> take();
    void index_queue();
    void run() noexcept;
    void close();
    void join();
};

/// nullopt at the end.
std::optional<Entry> ShardBuilder::State::take()
{
    std::unique_lock lock(mutex);
    work.wait(lock, [&] { return ended || failure || !queue.empty(); });
    if (failure || queue.empty())
        return std::nullopt;
    Entry entry = std::move(queue.front());
    queue.pop_front();
    queued_bytes -= text_bytes_of(entry.message);
    room.notify_one();
    return entry;
}

void ShardBuilder::State::index_queue()
{
    TermMaker terms(languages);
    SmallDatabases databases(folder);
    while (const std::optional<Entry> entry = take())
        databases.add(document_of(*entry, terms, databases.places()),
                      text_bytes_of(entry->message));
    const Paths mine = databases.finish();
    const std::lock_guard lock(mutex);
    finished.insert(finished.end(), mine.begin(), mine.end());
}

void ShardBuilder::State::run() noexcept
{
    let_others_go_first();
    try {
        index_queue();
    } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure)
            failure = std::current_exception();
        room.notify_all();
        work.notify_all();
    }
}

void ShardBuilder::State::close()
{
    const std::lock_guard lock(mutex);
    ended = true;
    work.notify_all();
}

void ShardBuilder::State::join()
{
    close();
    threads.clear();
}

ShardBuilder::ShardBuilder(std::filesystem::path folder, const Languages& languages,
                           unsigned threads)
    : state_(std::make_unique<State>())
{
    TermMaker check(languages);  // an unknown language is refused here, not by a thread
    state_->folder = std::move(folder);
    state_->languages = languages;
    start_threads(state_->threads, std::max(threads, 1U), [state = state_.get()] { state->run(); });
    if (state_->threads.empty())
        throw Error(ErrorKind::storage,
                    "cannot start a thread for the index: the system allows no more");
}

ShardBuilder::~ShardBuilder()
{
    {
        const std::lock_guard lock(state_->mutex);
        state_->queue.clear();  // nobody wants it any more
        state_->queued_bytes = 0;
    }
    state_->join();
    remove_databases(state_->finished);
}

void ShardBuilder::add(Entry entry)
{
    const std::size_t bytes = text_bytes_of(entry.message);
    std::unique_lock lock(state_->mutex);
    state_->room.wait(lock, [&] {
        return state_->failure || state_->queue.empty() ||
               state_->queued_bytes + bytes <= max_queued_bytes;
    });
    if (state_->failure)
        std::rethrow_exception(state_->failure);
    state_->queued_bytes += bytes;
    state_->queue.push_back(std::move(entry));
    ++state_->documents;
    state_->work.notify_one();
}

void ShardBuilder::close()
{
    state_->close();
}

std::uint64_t ShardBuilder::documents() const noexcept
{
    return state_->documents;
}

std::optional<FinishedShard> ShardBuilder::finish()
{
    state_->join();
    if (state_->failure)
        std::rethrow_exception(state_->failure);
    if (state_->documents == 0)
        return std::nullopt;
    FileDescriptor file = new_memory_file();
    compact_into_file(state_->finished, duplicate_from_start(file));
    state_->finished.clear();
    return FinishedShard(std::move(file), state_->documents);
}

}  // namespace mailhold::index
