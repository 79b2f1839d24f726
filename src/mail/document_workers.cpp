// The pool of workers.

#include "mailhold/mail/document_workers.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "document_canary.hpp"
#include "document_exchange.hpp"
#include "document_kind.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/sandbox/worker.hpp"

namespace mailhold::mail {

namespace {

using sandbox::WorkerProcess;
using Result = WorkerProcess::Result;

constexpr unsigned documents_per_worker = 5'000;  // then a fresh one: parsers leak and scatter

struct Worker {
    Worker(const DocumentWorkerLimits& limits)
        : process(document_worker_role,
                  {.memory_bytes = limits.memory_bytes, .cpu_time = limits.time})
    {
    }

    WorkerProcess process;
    unsigned documents = 0;
};

struct Exchange {
    Result result = Result::died;
    DocumentText text;
};

Exchange ask(Worker& worker, const Document& document, const DocumentWorkerLimits& limits)
{
    DocumentLimits inner = limits.document;
    inner.time = std::min(inner.time, std::chrono::milliseconds(limits.time) * 3 / 4);
    const ByteBuffer start = question_start(document, inner);
    const std::array<Bytes, 2> pieces{Bytes(start), document.content};
    ByteBuffer answer;
    ++worker.documents;
    Exchange out;
    out.result = worker.process.ask(pieces, answer, max_answer_bytes(inner), Deadline(limits.time));
    if (out.result != Result::answered)
        return out;
    try {
        out.text = parse_answer(answer);
    } catch (const Error&) {  // no answer of ours: a document has taken it over
        out.result = Result::died;
    }
    return out;
}

bool reads_right(Worker& worker, const Document& canary,
                 std::initializer_list<std::string_view> words)
{
    using namespace std::chrono_literals;
    const DocumentWorkerLimits limits{.time = 20s, .memory_bytes = 0, .document = {}};
    const Exchange exchange = ask(worker, canary, limits);
    if (exchange.result != Result::answered)
        throw Error(ErrorKind::storage, "a document worker does not start",
                    "attachments are read by worker processes under seccomp; a container must "
                    "allow them prctl, seccomp and landlock");
    for (const std::string_view word : words)
        if (exchange.text.text.find(word) == std::string::npos)
            return false;
    return true;
}

std::unique_ptr<Worker> start(const DocumentWorkerLimits& limits)
{
    static const std::string pdf = canary_pdf();
    auto worker = std::make_unique<Worker>(limits);
    if (!reads_right(*worker, {"canary.pdf", "application/pdf", bytes_of(pdf)},
                     {canary_words, canary_words_gbk}))
        throw Error(ErrorKind::storage, "Chinese in PDF files cannot be read",
                    "install the package poppler-data");
    if (!reads_right(*worker, {"canary.txt", "text/plain", bytes_of(canary_text)},
                     {canary_words_gbk}))
        throw Error(ErrorKind::storage, "Chinese in GBK cannot be read",
                    "install the package libc-bin or the iconv modules of libc");
    return worker;
}

DocumentText failed(std::string_view why)
{
    return {DocumentText::Outcome::failed, {}, std::string(why)};
}

}  // namespace

struct DocumentWorkers::State {
    State(unsigned most, const DocumentWorkerLimits& its_limits) : limits(its_limits), free(most) {}

    /// A running worker, or nothing where one may be started.
    std::unique_ptr<Worker> borrow()
    {
        std::unique_lock lock(mutex);
        returned.wait(lock, [&] { return free > 0; });
        --free;
        if (idle.empty())
            return nullptr;
        std::unique_ptr<Worker> worker = std::move(idle.back());
        idle.pop_back();
        return worker;
    }

    void give_back(std::unique_ptr<Worker> worker)
    {
        if (worker && worker->documents >= documents_per_worker)
            worker.reset();
        {
            const std::lock_guard lock(mutex);
            ++free;
            if (worker)
                idle.push_back(std::move(worker));
        }
        returned.notify_one();
    }

    /// A place among those that work, and the worker that fills it, as long as one does.
    struct Loan {
        explicit Loan(State& lender) : state(lender), worker(lender.borrow()) {}
        ~Loan() { state.give_back(std::move(worker)); }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;

        State& state;
        std::unique_ptr<Worker> worker;
    };

    const DocumentWorkerLimits limits;
    std::mutex mutex;
    std::condition_variable returned;
    unsigned free;  ///< how many more may work at once
    std::vector<std::unique_ptr<Worker>> idle;
};

DocumentWorkers::DocumentWorkers(unsigned count, const DocumentWorkerLimits& limits)
    : state_(std::make_unique<State>(std::max(count, 1U), limits))
{
}

DocumentWorkers::~DocumentWorkers() = default;

DocumentText DocumentWorkers::text_of(const Document& document)
{
    if (!is_readable(document))
        return {};
    if (document.content.size() > max_document_bytes)
        return failed("too large");
    State::Loan loan(*state_);
    for (;;) {
        const bool is_fresh = !loan.worker;
        if (is_fresh)
            loan.worker = start(state_->limits);
        Exchange exchange = ask(*loan.worker, document, state_->limits);
        if (exchange.result == Result::answered)
            return std::move(exchange.text);
        loan.worker.reset();
        if (exchange.result == Result::out_of_time)
            return failed("takes too long");
        // One that has read others may have died of them, or been killed while it was idle.
        if (is_fresh)
            return failed("its reader crashed");
    }
}

}  // namespace mailhold::mail
