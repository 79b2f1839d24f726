// Telling the kinds of responses apart.

#include "response_parser.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sequence_set.hpp"

namespace mailhold::imap {

namespace {

constexpr std::size_t max_status_text = 500;
/// Lists of keywords and UIDs.
constexpr std::size_t max_code_argument = 64 * kibibyte;

std::string one_line(std::string_view text, std::size_t max_bytes = max_status_text)
{
    std::string line(text.substr(0, max_bytes));
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    return line;
}

std::optional<StatusWord> status_word(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, StatusWord>, 5> words{
        {{"OK", StatusWord::ok},
         {"NO", StatusWord::no},
         {"BAD", StatusWord::bad},
         {"BYE", StatusWord::bye},
         {"PREAUTH", StatusWord::preauth}}};
    const auto* found = std::find_if(words.begin(), words.end(),
                                     [&](const auto& entry) { return entry.first == word; });
    return found == words.end() ? std::nullopt : std::optional(found->second);
}

StatusResponse parse_status_response(std::string_view tag, StatusWord word, std::string_view text)
{
    StatusResponse status{std::string(tag), word, {}, {}, one_line(text)};
    const auto close = text.find(']');
    if (!text.starts_with('[') || close == text.npos)
        return status;
    const auto code = text.substr(1, close - 1);
    const auto space = std::min(code.find(' '), code.size());
    status.code = upper_case(code.substr(0, space));
    status.argument = one_line(code.substr(std::min(space + 1, code.size())), max_code_argument);
    return status;
}

std::vector<std::string> parse_names(Tokens& tokens)
{
    std::vector<std::string> names;
    for (tokens.skip_spaces(); !tokens.at_end(); tokens.skip_spaces())
        names.push_back(upper_case(tokens.until_space()));
    return names;
}

/// RFC 9208 5.1: root, then triples of resource, usage and limit; STORAGE counts in 1,024 bytes.
/// Where nothing is limited, Courier leaves the list out.
QuotaData parse_quota(Tokens& tokens)
{
    QuotaData data;
    tokens.astring();
    tokens.skip_spaces();
    if (tokens.at_end())
        return data;
    tokens.expect('(');
    for (tokens.skip_spaces(); !tokens.skip(')'); tokens.skip_spaces()) {
        const std::string resource = upper_case(tokens.word());
        tokens.skip_spaces();
        const std::uint64_t used = tokens.number();
        tokens.skip_spaces();
        const std::uint64_t limit = tokens.number();
        if (resource == "STORAGE")
            data.storage = {.used_bytes = used * kibibyte, .limit_bytes = limit * kibibyte};
    }
    return data;
}

VanishedData parse_vanished(Tokens& tokens)
{
    VanishedData vanished;
    if (tokens.skip('(')) {
        vanished.earlier = tokens.item_name() == "EARLIER";
        tokens.expect(')');
        tokens.skip_spaces();
    }
    vanished.uids = parse_sequence_set(tokens.until_space());
    return vanished;
}

bool is_numbered_data(std::string_view name)
{
    return name == "FETCH" || name == "EXISTS" || name == "EXPUNGE";
}

Response parse_numbered(Tokens& tokens)
{
    const std::uint32_t number = tokens.number32();
    tokens.skip_spaces();
    const std::string name = upper_case(tokens.word());
    tokens.skip_spaces();
    if (name == "FETCH")
        return parse_fetch(tokens, number);
    if (name == "EXISTS")
        return ExistsData{number};
    if (name == "EXPUNGE")
        return ExpungeData{number};
    return OtherData{};
}

Response parse_named(Tokens& tokens)
{
    const std::string name = upper_case(tokens.word());
    if (const auto word = status_word(name)) {
        tokens.skip(' ');
        return parse_status_response("*", *word, tokens.rest());
    }
    tokens.skip_spaces();
    if (name == "CAPABILITY")
        return CapabilityData{parse_names(tokens)};
    if (name == "ENABLED")
        return EnabledData{parse_names(tokens)};
    if (name == "LIST")
        return parse_list(tokens);
    if (name == "STATUS")
        return parse_status(tokens);
    if (name == "NAMESPACE")
        return parse_namespace(tokens);
    if (name == "QUOTA")
        return parse_quota(tokens);
    if (name == "VANISHED")
        return parse_vanished(tokens);
    if (is_numbered_data(upper_case(tokens.word())))
        throw Error(ErrorKind::malformed,
                    "malformed response: '" + one_line(name) + "' instead of a message's number");
    return OtherData{};
}

Response parse_tagged(Tokens& tokens)
{
    const auto tag = tokens.until_space();
    if (tag.empty())
        return OtherData{};  // stray empty lines are seen in the wild
    tokens.skip(' ');
    const auto word = status_word(upper_case(tokens.until_space()));
    if (!word)
        throw Error(ErrorKind::malformed, "malformed response: neither data nor an answer");
    tokens.skip(' ');
    return parse_status_response(tag, *word, tokens.rest());
}

}  // namespace

Response parse_response(RawResponse& raw, const Limits& limits)
{
    Tokens tokens(raw, limits.max_nesting);
    if (tokens.peek() == '+')
        return ContinuationResponse{};
    if (!raw.text.starts_with("* "))
        return parse_tagged(tokens);
    tokens.skip('*');
    tokens.skip_spaces();
    const bool numbered = tokens.peek() >= '0' && tokens.peek() <= '9';
    return numbered ? parse_numbered(tokens) : parse_named(tokens);
}

std::vector<Response> parse_stream(Bytes stream, const Limits& limits)
{
    std::vector<Response> responses;
    ResponseReader reader(limits);
    while (!stream.empty()) {
        stream = stream.subspan(reader.feed(stream));
        if (reader.complete()) {
            RawResponse raw = reader.take();
            responses.push_back(parse_response(raw, limits));
        }
    }
    return responses;
}

}  // namespace mailhold::imap
