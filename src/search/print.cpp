// A tree back to the text that reads as it; and a command line's arguments as one query.

#include "mailhold/search/expression.hpp"

#include <fmt/format.h>

#include "fields.hpp"

namespace mailhold::search {

namespace {

using Kind = Expression::Kind;

std::string quoted(std::string_view field, std::string_view text)
{
    return fmt::format("{}:\"{}\"", field, text);
}

std::string words(const Expression& leaf)
{
    const std::string field = leaf.field ? std::string(name_of(*leaf.field)) + ':' : "";
    switch (leaf.kind) {
    case Kind::phrase:
        return fmt::format("{}\"{}\"", field, leaf.text);
    case Kind::prefix:
        return field + leaf.text + '*';
    default:  // a dash right behind a colon would be a NOT in the wrong place
        return !field.empty() && leaf.text == "-" ? field + "(-)" : field + leaf.text;
    }
}

std::string dates(const Expression& leaf)
{
    std::string out = "date:";
    if (leaf.from != no_start)
        out += format_utc(Time{leaf.from});
    out += "..";
    if (leaf.until != no_end)
        out += format_utc(Time{leaf.until - 1});
    return out;
}

std::string sizes(const Expression& leaf)
{
    return leaf.from == no_start ? fmt::format("smaller:{}", leaf.until)
                                 : fmt::format("larger:{}", leaf.from - 1);
}

/// `kind` is that of the expression around it.
std::string printed(const Expression& expression, Kind around);

std::string joined(const Expression& expression, std::string_view separator)
{
    std::string out;
    for (const Expression& part : expression.parts) {
        if (!out.empty())
            out += separator;
        out += printed(part, expression.kind);
    }
    return out;
}

std::string leaf_text(const Expression& leaf)
{
    switch (leaf.kind) {
    case Kind::everything:
        return "*";
    case Kind::message_id:
        return quoted("mid", leaf.text);
    case Kind::content_id:
        return "id:" + leaf.text;
    case Kind::has_attachment:
        return "has:attachment";
    case Kind::dated:
        return dates(leaf);
    case Kind::sized:
        return sizes(leaf);
    case Kind::account:
        return quoted("account", leaf.text);
    case Kind::folder:
        return quoted("folder", leaf.text);
    case Kind::role:
        return quoted("role", leaf.text);
    case Kind::flag:
        return quoted("flag", leaf.text);
    case Kind::unread:
        return "is:unread";
    case Kind::gone:
        return "is:gone";
    default:
        return words(leaf);
    }
}

std::string printed(const Expression& expression, Kind around)
{
    if (expression.kind == Kind::none_of)
        return "NOT " + printed(expression.parts.front(), Kind::none_of);
    if (expression.kind != Kind::all_of && expression.kind != Kind::any_of)
        return leaf_text(expression);
    const bool is_and = expression.kind == Kind::all_of;
    const std::string inside = joined(expression, is_and ? " " : " OR ");
    const bool stands_free = around == Kind::everything || (is_and && around == Kind::any_of);
    return stands_free ? inside : '(' + inside + ')';
}

/// It was meant as a query of its own, not as one value or phrase.
bool has_operators(std::string_view argument)
{
    if (argument.find_first_of("\"()*") != std::string_view::npos)
        return true;
    for (const std::string_view sign : {" OR ", " AND ", "NOT ", " -"})
        if (argument.find(sign) != std::string_view::npos)
            return true;
    return false;
}

/// To a shell, folder:"Sent Items" is the one argument "folder:Sent Items".
std::string requoted(std::string_view argument)
{
    if (argument.find(' ') == std::string_view::npos || has_operators(argument))
        return std::string(argument);
    std::string_view rest = argument;
    if (rest.starts_with('-'))
        rest.remove_prefix(1);
    const std::size_t colon = rest.find(':');
    if (colon != std::string_view::npos) {
        if (find_field(rest.substr(0, colon)) == nullptr ||
            rest.find(':', colon + 1) != std::string_view::npos)
            return std::string(argument);
        rest.remove_prefix(colon + 1);
    }
    return fmt::format("{}\"{}\"", argument.substr(0, argument.size() - rest.size()), rest);
}

}  // namespace

std::string print(const Expression& expression)
{
    return printed(expression, Kind::everything);
}

std::string query_of(const std::vector<std::string>& arguments)
{
    if (arguments.size() == 1)
        return arguments.front();
    std::string query;
    for (const std::string& argument : arguments)
        query += (query.empty() ? "" : " ") + requoted(argument);
    return query;
}

}  // namespace mailhold::search
