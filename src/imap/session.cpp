// Sending commands and matching answers to them.

#include "session.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "login_failure_table.hpp"
#include "mailhold/base/log.hpp"
#include "response_parser.hpp"

namespace mailhold::imap {

namespace {

constexpr std::size_t max_notices = 4;
/// Smaller literals travel with what stands around them.
constexpr std::size_t copied_literal_bytes = 256 * kibibyte;

}  // namespace

Session::Session(std::unique_ptr<net::Connection> connection, ClientOptions options)
    : options_(std::move(options)), wire_(std::move(connection), options_.limits)
{
    for (std::string& name : options_.ignored_capabilities)
        name = upper_case(name);
}

void Session::require_usable() const
{
    if (spent())
        throw Error(ErrorKind::unreachable, "the session with the server is over");
}

std::string Session::next_tag()
{
    return fmt::format("mh{}", ++last_tag_);
}

void Session::synchronise()
{
    require_usable();
    const Deadline deadline = command_deadline();
    const std::string tag = send(Command("NOOP"));
    wire_.discard_until_tagged(tag, deadline);
    --outstanding_;
}

std::string Session::send(const Command& command)
{
    if (spent_)
        require_usable();
    std::string tag = next_tag();
    ++outstanding_;
    wire_.send(fmt::format("{} {}\r\n", tag, command.parts().front()), command_deadline());
    return tag;
}

StatusResponse Session::ask(const Command& command, const UntaggedHandler& untagged)
{
    require_usable();
    notices_.clear();
    const Deadline deadline = command_deadline();
    const std::string tag = send(command);
    StatusResponse answer;
    for (std::size_t i = 1; i < command.parts().size(); ++i) {
        if (!await_continuation(untagged, deadline, answer))
            return answer;  // refused before its literal, which then must not be sent
        wire_.send(command.parts()[i] + "\r\n", deadline);
    }
    return await_answer(tag, untagged, deadline);
}

StatusResponse Session::await_answer(const std::string& tag, const UntaggedHandler& untagged,
                                     const Deadline& deadline)
{
    for (;;) {
        Response response = read(deadline);
        auto* status = std::get_if<StatusResponse>(&response);
        if (status && status->tag == tag)
            return std::move(*status);
        if (std::holds_alternative<ContinuationResponse>(response))
            throw Error(ErrorKind::malformed, "the server asks for data that nobody announced");
        untagged(response);
    }
}

StatusResponse Session::ask_with_literals(const Command& command,
                                          const std::vector<LiteralPart>& parts,
                                          const UntaggedHandler& untagged)
{
    require_usable();
    notices_.clear();
    const Deadline deadline = command_deadline();
    const std::string tag = next_tag();
    ++outstanding_;
    std::string line = tag + ' ';
    StatusResponse answer;
    const std::vector<std::string>& pieces = command.parts();
    for (std::size_t i = 1; i < pieces.size(); ++i) {  // a name that no quotes can hold
        line += pieces[i - 1] + "\r\n";
        wire_.send(std::exchange(line, {}), deadline);
        if (!await_continuation(untagged, deadline, answer))
            return answer;
    }
    line += pieces.back();
    for (const LiteralPart& part : parts)
        if (!send_literal(part, line, untagged, deadline, answer))
            return answer;
    wire_.send(line + "\r\n", deadline);
    return await_answer(tag, untagged, deadline);
}

bool Session::send_literal(const LiteralPart& part, std::string& line,
                           const UntaggedHandler& untagged, const Deadline& deadline,
                           StatusResponse& answer)
{
    line += fmt::format("{} {{{}{}}}\r\n", part.before, part.literal.size(), part.waits ? "" : "+");
    if (part.waits) {
        wire_.send(std::exchange(line, {}), deadline);
        if (!await_continuation(untagged, deadline, answer))
            return false;
    }
    if (part.literal.size() < copied_literal_bytes) {
        line += text_of(part.literal);
    } else {
        wire_.send(std::exchange(line, {}), deadline);
        wire_.send(text_of(part.literal), deadline);
    }
    return true;
}

bool Session::await_continuation(const UntaggedHandler& untagged, const Deadline& deadline,
                                 StatusResponse& early_answer)
{
    for (;;) {
        Response response = read(deadline);
        if (std::holds_alternative<ContinuationResponse>(response))
            return true;
        auto* status = std::get_if<StatusResponse>(&response);
        if (status && status->tag != "*") {
            if (status->word == StatusWord::ok)
                throw Error(ErrorKind::malformed, "the server accepts what it has not been sent");
            early_answer = std::move(*status);
            return false;
        }
        untagged(response);
    }
}

StatusResponse Session::run(const Command& command, const UntaggedHandler& untagged)
{
    StatusResponse answer = ask(command, untagged);
    if (answer.word != StatusWord::ok)
        throw refusal(command.verb(), answer);
    return answer;
}

Response Session::read(const Deadline& deadline)
{
    RawResponse raw = wire_.next(deadline);
    Response response = parse_response(raw, options_.limits);
    take_note(response);
    return response;
}

void Session::take_note(const Response& response)
{
    if (const auto* status = std::get_if<StatusResponse>(&response)) {
        take_note_of_status(*status);
    } else if (const auto* count = std::get_if<ExistsData>(&response)) {
        exists = count->count;
    } else if (std::holds_alternative<ExpungeData>(response)) {
        ++expunged;
        exists -= exists > 0 ? 1 : 0;
    } else if (const auto* vanished = std::get_if<VanishedData>(&response)) {
        if (vanished->earlier)
            return;
        std::uint64_t gone = 0;
        for (const UidRange& range : vanished->uids)
            gone += static_cast<std::uint64_t>(range.last) -
                    static_cast<std::uint64_t>(range.first) + 1;
        expunged += static_cast<std::uint32_t>(gone);
        exists -= static_cast<std::uint32_t>(std::min<std::uint64_t>(gone, exists));
    }
}

void Session::take_note_of_status(const StatusResponse& status)
{
    if (status.word == StatusWord::bye) {
        spent_ = true;
        throw Error(ErrorKind::unreachable,
                    fmt::format("the server ended the session: {}", status.text));
    }
    if (status.tag == "*") {
        const bool trouble = status.word == StatusWord::no || status.word == StatusWord::bad;
        if (trouble && notices_.size() < max_notices)
            notices_.push_back(status.text);
        if (trouble || status.code == "ALERT")
            log::debug("server notice: {}", status.text);
        return;
    }
    if (outstanding_ == 0)
        throw Error(ErrorKind::malformed, "the server answers what nobody asked");
    --outstanding_;
    if (status.word == StatusWord::ok)
        notices_.clear();
    if (status.word == StatusWord::bad) {
        spent_ = answered_bad_ = true;
        const bool asks_to_wait = is_throttling(status.text);
        throw Error(asks_to_wait ? ErrorKind::refused : ErrorKind::malformed,
                    fmt::format("the server called a command bad: {}", status.text));
    }
}

Error Session::refusal(std::string_view verb, const StatusResponse& answer)
{
    std::string text = answer.text;
    for (const std::string& notice : notices_)
        text += "; " + notice;
    notices_.clear();
    return {ErrorKind::refused, fmt::format("the server refused {}: {}", verb, text)};
}

void Session::learn_capabilities(const CapabilityData& data)
{
    capabilities_ = data.names;
}

bool Session::has(std::string_view capability) const
{
    const auto holds = [name = upper_case(capability)](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    return holds(capabilities_) && !holds(options_.ignored_capabilities);
}

std::optional<std::string> Session::capability_value(std::string_view name) const
{
    const std::string start = upper_case(name) + '=';
    for (const std::string& capability : capabilities_)
        if (capability.starts_with(start))
            return capability.substr(start.size());
    return {};
}

}  // namespace mailhold::imap
