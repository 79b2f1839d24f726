// FETCH responses: the items we ask for, in any order; others are skipped.

#include "internal_date.hpp"
#include "mailhold/imap/utf7.hpp"
#include "response_parser.hpp"

namespace mailhold::imap {

namespace {

Flags parse_flags(Tokens& tokens)
{
    Flags flags;
    tokens.expect('(');
    for (;;) {
        tokens.skip_spaces();
        if (tokens.skip(')'))
            return normalised_flags(std::move(flags));
        flags.push_back(tokens.astring());
    }
}

/// Atoms, strings and literals, in modified UTF-7; Gmail's own ones begin with a backslash.
std::vector<std::string> parse_labels(Tokens& tokens)
{
    std::vector<std::string> labels;
    tokens.expect('(');
    for (;;) {
        tokens.skip_spaces();
        if (tokens.skip(')'))
            return labels;
        std::string wire = tokens.astring();
        labels.push_back(decode_modified_utf7(wire).value_or(wire));
    }
}

ModSeq parse_modseq(Tokens& tokens)
{
    tokens.expect('(');
    tokens.skip_spaces();
    const ModSeq value{tokens.number()};
    tokens.skip_spaces();
    tokens.expect(')');
    return value;
}

/// RFC822.SIZE is only for estimates: what is no number (seen: negative ones) counts as not told.
std::optional<std::uint64_t> parse_size(Tokens& tokens)
{
    if (tokens.peek() >= '0' && tokens.peek() <= '9')
        return tokens.number();
    tokens.skip_value();
    return {};
}

std::optional<InternalDate> parse_date(Tokens& tokens)
{
    const auto text = tokens.nstring();
    return text ? parse_internal_date(*text) : std::nullopt;
}

void parse_item(Tokens& tokens, const std::string& name, Fetched& message)
{
    if (name == "UID")
        message.uid = Uid{tokens.number32()};
    else if (name == "FLAGS")
        message.flags = parse_flags(tokens);
    else if (name == "INTERNALDATE")
        message.internal_date = parse_date(tokens);
    else if (name == "RFC822.SIZE")
        message.rfc822_size = parse_size(tokens);
    else if (name == "MODSEQ")
        message.modseq = parse_modseq(tokens);
    else if (name == "X-GM-MSGID")
        message.gmail_message_id = tokens.number();
    else if (name == "X-GM-LABELS")
        message.gmail_labels = parse_labels(tokens);
    else if (name == "BODY[]")
        message.body = tokens.message_bytes();
    else
        tokens.skip_value();
}

void parse_items(Tokens& tokens, Fetched& message)
{
    tokens.expect('(');
    for (;;) {
        tokens.skip_spaces();
        if (tokens.skip(')'))
            return;
        const std::string name = tokens.item_name();
        tokens.skip_spaces();
        parse_item(tokens, name, message);
    }
}

}  // namespace

/// The framing is sound whatever stands in the line, so one message that the server garbles is that
/// message's trouble and not the folder's.
FetchData parse_fetch(Tokens& tokens, std::uint32_t sequence)
{
    FetchData data{sequence, {}, {}};
    try {
        parse_items(tokens, data.message);
        tokens.skip_spaces();
        tokens.expect_end();
    } catch (const Error& e) {
        data.broken = e.what();
        data.message = Fetched{.uid = data.message.uid};
    }
    return data;
}

}  // namespace mailhold::imap
