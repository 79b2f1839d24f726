// What the values of fields mean.

#include "leaf.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"
#include "mailhold/index/terms.hpp"

#include "dates.hpp"

namespace mailhold::search {

namespace {

using Kind = Expression::Kind;

constexpr std::string_view date_forms =
    "write 2026, 2026-03, 2026-03-09, 2026-03-09T18:30, today, yesterday, or 7d, 2w, 3m, 1y for so "
    "long ago; a range is 2026-01..2026-03, and 7d.. the last seven days";

/// Where `part`, which is a piece of the token's text, stands in the query.
Place place_of(const Token& token, std::string_view part)
{
    // A phrase's text begins behind its quote.
    const std::size_t quote = token.kind == Token::Kind::phrase
                                  ? (token.place.end - token.place.begin - token.text.size()) / 2
                                  : 0;
    const std::size_t begin =
        token.place.begin + quote + static_cast<std::size_t>(part.data() - token.text.data());
    return {begin, begin + part.size()};
}

Expression make(Kind kind, const Token& token, std::string text = {})
{
    Expression leaf;
    leaf.kind = kind;
    leaf.text = std::move(text);
    leaf.place = token.place;
    return leaf;
}

Expression words_leaf(const FieldInfo* field, const Token& token)
{
    Expression leaf = make(Kind::word, token, std::string(token.text));
    if (field)
        leaf.field = field->words;
    if (token.kind == Token::Kind::phrase) {
        leaf.kind = Kind::phrase;
        return leaf;
    }
    const std::size_t star = token.text.find('*');
    if (star == std::string_view::npos)
        return leaf;
    if (token.text == "*" && !field)
        return make(Kind::everything, token);
    if (star + 1 != token.text.size())
        throw QueryError(
            place_of(token, token.text.substr(star, 1)), "a * can stand only at the end of a word",
            fmt::format("to look for the text itself, quote it: \"{}\"", printable(token.text)));
    if (star == 0)
        throw QueryError(token.place, "a * needs the beginning of a word before it",
                         "write word*, or * alone for every message");
    leaf.kind = Kind::prefix;
    leaf.text.pop_back();
    return leaf;
}

[[noreturn]] void refuse_date(const Token& token, std::string_view part)
{
    throw QueryError(place_of(token, part), fmt::format("not a date: \"{}\"", printable(part)),
                     std::string(date_forms));
}

Span point_in(const Token& token, std::string_view part, Time now)
{
    const auto span = parse_point(part, now);
    if (!span)
        refuse_date(token, part);
    return *span;
}

Expression date_leaf(const Token& token, Time now)
{
    Expression leaf = make(Kind::dated, token);
    const std::size_t dots = token.text.find("..");
    if (dots == std::string_view::npos) {
        const Span span = point_in(token, token.text, now);
        if (span.is_ago)
            throw QueryError(token.place,
                             fmt::format("does \"{}\" mean that day alone, or until today?",
                                         printable(token.text)),
                             fmt::format("write date:{0}.. for the time since then, "
                                         "date:{0}..{0} for that day",
                                         token.text));
        leaf.from = span.from;
        leaf.until = span.until;
        return leaf;
    }
    const std::string_view first = token.text.substr(0, dots);
    const std::string_view last = token.text.substr(dots + 2);
    if (first.empty() && last.empty())
        refuse_date(token, token.text);
    if (!first.empty())
        leaf.from = point_in(token, first, now).from;
    if (!last.empty())
        leaf.until = point_in(token, last, now).until;
    if (leaf.from >= leaf.until)
        throw QueryError(token.place, "this range ends before it begins",
                         fmt::format("write date:{}..{}", last, first));
    return leaf;
}

Expression side_leaf(const FieldInfo& field, const Token& token, Time now)
{
    const std::int64_t start = point_in(token, token.text, now).from;
    Expression leaf = make(Kind::dated, token);
    (field.kind == FieldKind::after ? leaf.from : leaf.until) = start;
    return leaf;
}

std::optional<std::int64_t> parse_size(std::string_view text)
{
    const std::string lower = lower_case(text);
    std::int64_t number = 0;
    const char* const end = lower.data() + lower.size();
    const auto [rest, error] = std::from_chars(lower.data(), end, number);
    std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    if (unit.size() > 1 && unit.ends_with('b'))
        unit.remove_suffix(1);
    const std::int64_t factor = unit.empty() || unit == "b" ? 1
                                : unit == "k"               ? 1'000
                                : unit == "m"               ? 1'000'000
                                : unit == "g"               ? 1'000'000'000
                                                            : 0;
    if (error != std::errc() || number < 0 || factor == 0 || number > no_end / 2 / factor)
        return std::nullopt;
    return number * factor;
}

Expression size_leaf(const FieldInfo& field, const Token& token)
{
    const auto bytes = parse_size(token.text);
    if (!bytes)
        throw QueryError(token.place, fmt::format("not a size: \"{}\"", printable(token.text)),
                         "write bytes, or 500k, 5M, 1G");
    Expression leaf = make(Kind::sized, token);
    if (field.kind == FieldKind::larger)
        leaf.from = *bytes + 1;
    else
        leaf.until = *bytes;
    return leaf;
}

Expression id_leaf(const Token& token)
{
    constexpr std::size_t shortest = 6;
    constexpr std::size_t longest = 64;
    std::string hex = lower_case(token.text);
    if (hex.size() < shortest || hex.size() > longest ||
        hex.find_first_not_of("0123456789abcdef") != std::string::npos)
        throw QueryError(
            token.place, fmt::format("\"{}\" is no message's id", printable(hex)),
            "an id is 6 to 64 hex digits; a Message-ID header is looked for with mid:");
    return make(Kind::content_id, token, std::move(hex));
}

Expression message_id_leaf(const Token& token)
{
    std::string_view id = token.text;
    if (id.starts_with('<') && id.ends_with('>') && id.size() > 2)
        id = id.substr(1, id.size() - 2);
    return make(Kind::message_id, token, std::string(id));
}

Expression has_leaf(const Token& token)
{
    const std::string what = lower_case(token.text);
    if (what == "attachment" || what == "attachments")
        return make(Kind::has_attachment, token);
    throw QueryError(token.place, fmt::format("has:{} is not known", printable(what)),
                     "write has:attachment");
}

Expression is_leaf(const Token& token)
{
    const std::string state = lower_case(token.text);
    if (state == "gone")
        return make(Kind::gone, token);
    if (state == "unread")
        return make(Kind::unread, token);
    if (state == "read")
        return make(Kind::flag, token, "seen");
    if (state == "flagged" || state == "answered")
        return make(Kind::flag, token, state);
    throw QueryError(token.place, fmt::format("is:{} is not known", printable(state)),
                     "write is:read, is:unread, is:flagged, is:answered or is:gone; other flags "
                     "are found with flag:");
}

Expression flag_leaf(const Token& token)
{
    std::string flag = lower_case(token.text);
    if (flag.size() > 1 && flag[0] == '\\')
        flag.erase(0, 1);
    return make(Kind::flag, token, std::move(flag));
}

}  // namespace

Expression leaf_of(const FieldInfo* field, const Token& token, Time now)
{
    const bool is_empty = token.text.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (is_empty)
        throw QueryError(token.place, "nothing stands between these quotes",
                         "write words between them, or take them away");
    if (!field)
        return words_leaf(field, token);
    switch (field->kind) {
    case FieldKind::words:
        return words_leaf(field, token);
    case FieldKind::message_id:
        return message_id_leaf(token);
    case FieldKind::content_id:
        return id_leaf(token);
    case FieldKind::has:
        return has_leaf(token);
    case FieldKind::is:
        return is_leaf(token);
    case FieldKind::date:
        return date_leaf(token, now);
    case FieldKind::after:
    case FieldKind::before:
        return side_leaf(*field, token, now);
    case FieldKind::larger:
    case FieldKind::smaller:
        return size_leaf(*field, token);
    case FieldKind::account:
        return make(Kind::account, token, lower_case(token.text));
    case FieldKind::folder:
        return make(Kind::folder, token, std::string(token.text));
    case FieldKind::role:
        return make(Kind::role, token, index::in_lower_case(token.text));
    case FieldKind::flag:
        return flag_leaf(token);
    }
    throw Error(ErrorKind::bug, "a field without a meaning");
}

}  // namespace mailhold::search
