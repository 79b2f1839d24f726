// Keeping commands in flight, and finding the message that spoils one.

#include "fetch_pipeline.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "fetch_chunks.hpp"
#include "login_failure_table.hpp"
#include "sequence_set.hpp"
#include "tokens.hpp"

namespace mailhold::imap {

namespace {

constexpr std::size_t max_in_flight = 3;
/// UIDs in one command with bodies: small enough to find a bad one soon, large enough to stream.
constexpr std::uint64_t body_span = 250;
/// Single messages refused one after the other before the folder counts as refused.
constexpr unsigned max_refusals_in_a_row = 20;

std::string items_text(const FetchItems& items)
{
    std::string text = "UID";
    const auto add = [&](bool wanted, std::string_view item) {
        if (wanted)
            text += fmt::format(" {}", item);
    };
    add(items.flags, "FLAGS");
    add(items.internal_date, "INTERNALDATE");
    add(items.size, "RFC822.SIZE");
    add(items.modseq, "MODSEQ");
    add(items.gmail, "X-GM-MSGID X-GM-LABELS");
    add(items.body && items.body_bytes == 0, "BODY.PEEK[]");
    add(items.body && items.body_bytes > 0, fmt::format("BODY.PEEK[]<0.{}>", items.body_bytes));
    return text;
}

std::string modifiers_text(const FetchItems& items, bool tell_vanished)
{
    if (!items.changed_since)
        return {};
    return fmt::format(" (CHANGEDSINCE {}{})", static_cast<std::uint64_t>(*items.changed_since),
                       tell_vanished ? " VANISHED" : "");
}

/// RFC 2180 4.1.2 lets a server answer NO for messages that are gone.
bool says_gone(const std::string& text)
{
    const std::string upper = upper_case(text);
    return upper.find("[EXPUNGEISSUED]") != upper.npos ||
           upper.find("NO LONGER EXIST") != upper.npos;
}

}  // namespace

FetchPipeline::FetchPipeline(Session& session, const std::vector<UidRange>& uids,
                             const FetchItems& items, bool tell_vanished,
                             const Client::FetchHandlers& handlers)
    : session_(session), handlers_(handlers), items_text_(items_text(items)),
      modifiers_(modifiers_text(items, tell_vanished)), merge_(uids, items, handlers)
{
    for (Chunk& chunk : chunks_of(uids, items.body ? body_span : span_of(UidRange{{}, last_uid})))
        waiting_.push_back(std::move(chunk));
}

void FetchPipeline::run()
{
    while (!waiting_.empty() || !in_flight_.empty()) {
        while (!waiting_.empty() && in_flight_.size() < max_in_flight)
            send_next();
        Response response = session_.read(deadline_);
        take(response);
    }
    if (gave_up_)
        throw Error(*gave_up_);
}

void FetchPipeline::send_next()
{
    if (in_flight_.empty())
        deadline_ = session_.command_deadline();
    Chunk chunk = std::move(waiting_.front());
    waiting_.pop_front();
    std::string tag = session_.send(Command(
        fmt::format("UID FETCH {} ({}){}", to_sequence_set(chunk), items_text_, modifiers_)));
    in_flight_.push_back({std::move(tag), std::move(chunk)});
}

void FetchPipeline::take(Response& response)
{
    if (auto* data = std::get_if<FetchData>(&response)) {
        merge_.take(std::move(*data));
    } else if (const auto* expunge = std::get_if<ExpungeData>(&response)) {
        merge_.expunged(expunge->sequence);
    } else if (const auto* vanished = std::get_if<VanishedData>(&response)) {
        if (!vanished->earlier)
            merge_.forget_sequence_numbers();
        else if (handlers_.vanished)
            std::for_each(vanished->uids.begin(), vanished->uids.end(), handlers_.vanished);
    } else if (std::holds_alternative<ContinuationResponse>(response)) {
        throw Error(ErrorKind::malformed, "the server asks for data that nobody announced");
    } else if (const auto* status = std::get_if<StatusResponse>(&response);
               status && status->tag != "*") {
        answered(*status);
    }
}

void FetchPipeline::answered(const StatusResponse& status)
{
    const auto found = std::find_if(in_flight_.begin(), in_flight_.end(),
                                    [&](const InFlight& f) { return f.tag == status.tag; });
    if (found == in_flight_.end())
        throw Error(ErrorKind::malformed, "the server answers what nobody asked");
    const Chunk chunk = std::move(found->chunk);
    in_flight_.erase(found);
    deadline_ = session_.command_deadline();

    const std::string broken = merge_.take_unattributed_failure();
    if (merge_.handed_on() > handed_on_before_)
        refusals_in_a_row_ = 0;
    handed_on_before_ = merge_.handed_on();
    if (status.word == StatusWord::no && is_throttling(status.text))
        give_up(session_.refusal("UID FETCH", status));
    else if (status.word == StatusWord::no)
        isolate(chunk, session_.refusal("UID FETCH", status).what());
    else if (!broken.empty())
        isolate(chunk, broken);
    else
        merge_.finish(chunk);
}

/// Asks again for what is missing of `chunk`, in halves; a single message fails for good.
void FetchPipeline::isolate(const Chunk& chunk, const std::string& why)
{
    if (gave_up_)
        return;
    if (span_of(chunk) > body_span) {
        give_up(Error(ErrorKind::refused, why));
        return;
    }
    const std::vector<Uid> missing = missing_of(chunk);
    if (missing.size() > 1) {
        const auto middle = missing.begin() + static_cast<std::ptrdiff_t>(missing.size() / 2);
        waiting_.push_front(ranges_of({middle, missing.end()}));
        waiting_.push_front(ranges_of({missing.begin(), middle}));
    } else if (missing.size() == 1 && !says_gone(why)) {
        merge_.fail(missing.front(), why);
        if (++refusals_in_a_row_ >= max_refusals_in_a_row)
            give_up(Error(ErrorKind::refused, why));
    }
}

/// The commands in flight are still read to their ends: the session goes on.
void FetchPipeline::give_up(const Error& reason)
{
    waiting_.clear();
    if (!gave_up_)
        gave_up_ = reason;
}

std::vector<Uid> FetchPipeline::missing_of(const Chunk& chunk) const
{
    std::vector<Uid> missing;
    for (const UidRange& range : chunk)
        for (std::uint64_t uid = static_cast<std::uint32_t>(range.first);
             uid <= static_cast<std::uint32_t>(range.last); ++uid)
            if (!merge_.settled(Uid{static_cast<std::uint32_t>(uid)}))
                missing.push_back(Uid{static_cast<std::uint32_t>(uid)});
    return missing;
}

}  // namespace mailhold::imap
