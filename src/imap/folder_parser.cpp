// LIST, STATUS and NAMESPACE responses.

#include "mailhold/imap/utf7.hpp"
#include "response_parser.hpp"

namespace mailhold::imap {

namespace {

std::optional<char> parse_separator(Tokens& tokens)
{
    const auto text = tokens.nstring();
    return text && text->size() == 1 ? std::optional(text->front()) : std::nullopt;
}

/// A name as an atom may hold parentheses, and some servers forget the quotes around one with
/// spaces; behind it only extended data in parentheses may follow.
std::string parse_list_name(Tokens& tokens)
{
    if (tokens.peek() == '"' || tokens.peek() == '{')
        return tokens.astring();
    const std::string_view rest = tokens.rest();
    const auto name = tokens.until_space();
    if (tokens.at_end() || tokens.rest().starts_with(" ("))
        return std::string(name);
    return std::string(rest);
}

std::set<std::string> parse_attributes(Tokens& tokens)
{
    std::set<std::string> attributes;
    tokens.expect('(');
    for (;;) {
        tokens.skip_spaces();
        if (tokens.skip(')'))
            return attributes;
        attributes.insert(lower_case(tokens.astring()));
    }
}

void parse_counter(Tokens& tokens, const std::string& item, FolderStatus& status)
{
    if (item == "MESSAGES") {
        status.messages = tokens.number32();
    } else if (item == "UIDNEXT") {
        status.uid_next = Uid{tokens.number32()};
    } else if (item == "UIDVALIDITY") {
        status.uid_validity = UidValidity{tokens.number32()};
    } else if (item == "HIGHESTMODSEQ") {
        const ModSeq modseq{tokens.number()};
        if (modseq != ModSeq{0})  // 0: the folder keeps none (RFC 7162 3.1.2.2)
            status.highest_modseq = modseq;
    } else {
        tokens.skip_value();
    }
}

Namespace parse_one_namespace(Tokens& tokens)
{
    Namespace found;
    tokens.skip_spaces();
    found.prefix = tokens.astring();
    tokens.skip_spaces();
    found.separator = parse_separator(tokens);
    for (tokens.skip_spaces(); !tokens.skip(')'); tokens.skip_spaces())
        tokens.skip_value();  // extensions
    return found;
}

}  // namespace

ListData parse_list(Tokens& tokens)
{
    ListedFolder folder;
    folder.attributes = parse_attributes(tokens);
    tokens.skip_spaces();
    folder.separator = parse_separator(tokens);
    tokens.skip(' ');  // one only: names may begin with spaces
    folder.wire_name = parse_list_name(tokens);
    folder.name = upper_case(folder.wire_name) == "INBOX"
                      ? "INBOX"
                      : decode_modified_utf7(folder.wire_name).value_or(folder.wire_name);
    return {std::move(folder)};
}

StatusData parse_status(Tokens& tokens)
{
    StatusData data;
    const bool is_string = tokens.peek() == '"' || tokens.peek() == '{';
    data.wire_name = is_string ? tokens.astring() : std::string(tokens.until_space());
    tokens.skip_spaces();
    tokens.expect('(');
    for (tokens.skip_spaces(); !tokens.skip(')'); tokens.skip_spaces()) {
        const std::string item = tokens.item_name();
        tokens.skip_spaces();
        parse_counter(tokens, item, data.status);
    }
    return data;
}

NamespaceData parse_namespace(Tokens& tokens)
{
    NamespaceData data;
    if (!tokens.skip('('))
        return data;  // NIL: none of our own
    for (tokens.skip_spaces(); !tokens.skip(')'); tokens.skip_spaces()) {
        tokens.expect('(');
        data.personal.push_back(parse_one_namespace(tokens));
    }
    return data;
}

}  // namespace mailhold::imap
