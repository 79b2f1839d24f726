// The parent's side: asks for item after item, and starts a worker anew behind one that killed it.

#include "mailhold/mail/outlook_file.hpp"

#include <array>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/sandbox/worker.hpp"

#include "outlook_exchange.hpp"

namespace mailhold::mail {

namespace {

using Outcome = OutlookOpened::Outcome;
using Result = sandbox::WorkerProcess::Result;

constexpr std::string_view repair = "repair a copy of it with Outlook's Inbox Repair Tool "
                                    "(scanpst.exe), and import that";

constexpr std::uint64_t least_entry_bytes = 16;

[[noreturn]] void refuse(const std::string& why)
{
    throw Error(ErrorKind::malformed, why);
}

/// What is wrong with a file that is read all the same; throws for others.
std::string trouble_of(Outcome outcome)
{
    switch (outcome) {
    case Outcome::opened:
        return {};
    case Outcome::in_part:
        return fmt::format("damaged: a part of its list of items is lost; the rest was read. To "
                           "have them too, {}",
                           repair);
    case Outcome::cut:
        return fmt::format(
            "cut off: the file is shorter than it says; what is there was read. Copy "
            "it again from where it came, or {}",
            repair);
    case Outcome::no_outlook_file:
        refuse("no Outlook data file, or its beginning is damaged: check that it was copied whole");
    case Outcome::unknown_version:
        refuse("an Outlook data file of a kind that is not known here: in Outlook, export to a new "
               ".pst (File, Open & Export, Import/Export), and import that");
    case Outcome::encrypted:
        refuse("encrypted by Windows Information Protection: in Outlook, export to a new .pst that "
               "is not protected, and import that");
    default:
        refuse(fmt::format("damaged: no folders were found in it; {}", repair));
    }
}

}  // namespace

struct OutlookFile::State {
    State(const std::filesystem::path& its_file, const OutlookLimits& its_limits)
        : file(std::filesystem::absolute(its_file)), limits(its_limits)
    {
    }

    /// False when the worker died of it, or took too long.
    bool start()
    {
        worker = std::make_unique<sandbox::WorkerProcess>(
            outlook_worker_role,
            sandbox::WorkerLimits{.memory_bytes = limits.memory_bytes, .cpu_time = limits.opening},
            file);
        ByteBuffer answer;
        if (!ask({.file = file}, answer, limits.opening))
            return false;
        try {
            opened = parse_outlook_opened(answer);
        } catch (const Error&) {
            return false;
        }
        // No entry takes fewer bytes than that: the file has taken the worker over.
        return opened.items <= std::filesystem::file_size(file) / least_entry_bytes;
    }

    bool ask(const OutlookQuestion& question, ByteBuffer& answer, std::chrono::seconds time)
    {
        const ByteBuffer bytes = question_bytes(question);
        const std::array<Bytes, 1> pieces{Bytes(bytes)};
        const bool is_answered =
            worker->ask(pieces, answer, max_outlook_answer_bytes(limits.message_bytes),
                        Deadline(time)) == Result::answered;
        if (!is_answered)
            worker.reset();
        return is_answered;
    }

    /// nullopt: what is answered is no item, or the worker is gone.
    std::optional<OutlookItem> ask_for(std::uint64_t number)
    {
        ByteBuffer answer;
        if (!ask({.file = {}, .number = number, .message_bytes = limits.message_bytes}, answer,
                 limits.item))
            return std::nullopt;
        try {
            return parse_outlook_item(answer);
        } catch (const Error&) {  // the file has taken the worker over
            worker.reset();
            return std::nullopt;
        }
    }

    std::string file;
    OutlookLimits limits;
    std::unique_ptr<sandbox::WorkerProcess> worker;
    OutlookOpened opened;
    std::string trouble;
    std::uint64_t next = 0;
    unsigned deaths = 0;
};

OutlookFile::OutlookFile(const std::filesystem::path& file, const OutlookLimits& limits)
    : state_(std::make_unique<State>(file, limits))
{
    if (!state_->start())
        refuse(fmt::format("damaged: its reader crashed, or took too long; {}", repair));
    state_->trouble = trouble_of(state_->opened.outcome);
}

OutlookFile::~OutlookFile() = default;

const std::string& OutlookFile::trouble() const noexcept
{
    return state_->trouble;
}

std::optional<OutlookItem> OutlookFile::next()
{
    State& state = *state_;
    if (state.next >= state.opened.items)
        return std::nullopt;
    if (!state.worker && (state.deaths > state.limits.restarts || !state.start()))
        refuse(fmt::format("the rest could not be read: the file is damaged ({} of {} entries were "
                           "looked at); {}",
                           state.next, state.opened.items, repair));
    const std::uint64_t number = state.next++;
    if (auto item = state.ask_for(number))
        return item;
    ++state.deaths;
    OutlookItem lost;
    lost.kind = OutlookItem::Kind::unread;
    lost.name = fmt::format("entry {}", number);
    lost.trouble = "damaged: its reader crashed, or took too long";
    return lost;
}

}  // namespace mailhold::mail
