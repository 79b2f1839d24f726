// What is asked and answered, in the bytes of worker_exchange.hpp.

#include "outlook_exchange.hpp"

#include <algorithm>
#include <iterator>

#include "charset.hpp"
#include "mailhold/base/error.hpp"
#include "utf8.hpp"
#include "worker_exchange.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_text_bytes = 500;
constexpr std::size_t max_levels = 64;

template <class Enum>
Enum checked(std::uint8_t value, Enum last)
{
    if (value > static_cast<std::uint8_t>(last))
        throw Error(ErrorKind::malformed, "a worker answers nonsense");
    return static_cast<Enum>(value);
}

std::string clean_text(std::string_view text)
{
    return single_line(utf8_prefix(running_text(text), max_text_bytes));
}

}  // namespace

ByteBuffer question_bytes(const OutlookQuestion& question)
{
    ByteBuffer out;
    append_text(out, question.file);
    append_le(out, question.number);
    append_le(out, question.message_bytes);
    return out;
}

OutlookQuestion parse_outlook_question(Bytes question)
{
    ExchangeCursor cursor(question);
    OutlookQuestion out;
    out.file = cursor.text();
    out.number = cursor.number<std::uint64_t>();
    out.message_bytes = cursor.number<std::uint64_t>();
    return out;
}

ByteBuffer answer_bytes(const OutlookOpened& opened)
{
    ByteBuffer out;
    append_le(out, static_cast<std::uint8_t>(opened.outcome));
    append_le(out, opened.items);
    return out;
}

OutlookOpened parse_outlook_opened(Bytes answer)
{
    ExchangeCursor cursor(answer);
    OutlookOpened out;
    out.outcome = checked(cursor.number<std::uint8_t>(), OutlookOpened::Outcome::cut);
    out.items = cursor.number<std::uint64_t>();
    return out;
}

ByteBuffer answer_bytes(const OutlookItem& item)
{
    ByteBuffer out;
    append_le(out, static_cast<std::uint8_t>(item.kind));
    std::uint8_t flags = 0;
    for (std::size_t i = 0; i < std::size(outlook_flags); ++i)
        if (std::ranges::find(item.flags, outlook_flags[i]) != item.flags.end())
            flags = static_cast<std::uint8_t>(flags | (1U << i));
    append_le(out, flags);
    append_le(out, static_cast<std::uint8_t>(item.date ? 1 : 0));
    append_le(out, item.date ? item.date->epoch_seconds : std::int64_t{0});
    append_text(out, utf8_prefix(item.name, max_text_bytes));
    append_text(out, utf8_prefix(item.trouble, max_text_bytes));
    const std::size_t levels = std::min(item.folders.size(), max_levels);
    append_le(out, static_cast<std::uint8_t>(levels));
    for (std::size_t i = 0; i < levels; ++i)
        append_text(out, utf8_prefix(item.folders[i], max_text_bytes));
    append(out, item.raw);
    return out;
}

std::uint64_t max_outlook_answer_bytes(std::uint64_t message_bytes)
{
    return message_bytes + (max_levels + 3) * (max_text_bytes + 4) + 16;
}

OutlookItem parse_outlook_item(Bytes answer)
{
    ExchangeCursor cursor(answer);
    OutlookItem out;
    out.kind = checked(cursor.number<std::uint8_t>(), OutlookItem::Kind::unread);
    const auto flags = cursor.number<std::uint8_t>();
    for (std::size_t i = 0; i < std::size(outlook_flags); ++i)
        if ((flags & (1U << i)) != 0)
            out.flags.emplace_back(outlook_flags[i]);
    out.flags = normalised_flags(std::move(out.flags));
    const bool has_date = cursor.number<std::uint8_t>() != 0;
    const auto epoch = cursor.number<std::int64_t>();
    if (has_date && epoch > 0 && epoch <= 253'402'300'799)
        out.date = InternalDate{epoch, 0};
    out.name = clean_text(cursor.text());
    out.trouble = clean_text(cursor.text());
    const auto levels = cursor.number<std::uint8_t>();
    for (unsigned i = 0; i < levels; ++i)
        out.folders.push_back(clean_text(cursor.text()));
    out.raw = copy_of(cursor.rest());
    return out;
}

}  // namespace mailhold::mail
