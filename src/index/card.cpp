// What a result line shows: chosen and cut here, kept as texts behind their lengths.

#include "card.hpp"

#include <algorithm>

#include "mailhold/base/error.hpp"

#include "numbers.hpp"
#include "values.hpp"

namespace mailhold::index {

namespace {

constexpr std::size_t max_line_bytes = 300;  // of an address, a subject, a file name
constexpr std::size_t max_id_bytes = 250;    // a longer Message-ID is no one's reference
constexpr std::size_t max_recipients = 20;
constexpr std::size_t max_references = 6;
constexpr std::size_t max_attachments = 6;

bool is_inside_character(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
}

bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct Folded {
    std::string text;
    bool is_whole = true;
};

/// The beginning of `text`, runs of white space as one space, not cut inside a character.
Folded folded(std::string_view text, std::size_t limit)
{
    Folded result;
    for (const char c : text) {
        const bool space = is_space(c);
        if (space && (result.text.empty() || result.text.back() == ' '))
            continue;
        result.text.push_back(space ? ' ' : c);
        if (result.text.size() > limit + 1) {
            result.is_whole = false;
            break;
        }
    }
    if (!result.text.empty() && result.text.back() == ' ')
        result.text.pop_back();
    if (result.text.size() > limit) {
        result.is_whole = false;
        std::size_t end = limit;
        while (end > 0 && is_inside_character(result.text[end]))
            --end;
        result.text.resize(end);
    }
    return result;
}

std::string line(std::string_view text)
{
    return folded(text, max_line_bytes).text;
}

std::string message_id(const std::string& id)
{
    return id.size() <= max_id_bytes ? id : std::string();
}

/// The first, which a whole conversation has in common, and the last ones: References lists the
/// oldest first.
std::vector<std::string> few_of(const std::vector<std::string>& references)
{
    std::vector<std::string> ids;
    const auto add = [&](const std::string& id) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
            ids.push_back(id);
    };
    const auto is_kept = [](const std::string& id) { return !message_id(id).empty(); };
    for (auto id = references.rbegin(); id != references.rend() && ids.size() + 1 < max_references;
         ++id)
        if (is_kept(*id))
            add(*id);
    if (const auto oldest = std::ranges::find_if(references, is_kept); oldest != references.end())
        add(*oldest);
    std::reverse(ids.begin(), ids.end());
    return ids;
}

void add_lines(std::vector<std::string>& lines, const std::vector<std::string>& texts,
               std::size_t most)
{
    for (const std::string& text : texts)
        if (lines.size() < most)
            lines.push_back(line(text));
}

void put(std::string& out, const std::string& text)
{
    put_number(out, text.size());
    out += text;
}

void put(std::string& out, const std::vector<std::string>& texts)
{
    put_number(out, texts.size());
    for (const std::string& text : texts)
        put(out, text);
}

class Reader {
public:
    explicit Reader(std::string_view rest) : rest_(rest) {}

    std::uint64_t number()
    {
        const auto number = take_number(rest_);
        if (!number)
            broken();
        return *number;
    }

    std::string text() { return std::string(bytes(number())); }

    std::vector<std::string> texts()
    {
        std::vector<std::string> texts;
        for (std::uint64_t left = number(); left > 0; --left)
            texts.push_back(text());
        return texts;
    }

    std::string_view bytes(std::uint64_t size)
    {
        if (size > rest_.size())
            broken();
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    void require_end() const
    {
        if (!rest_.empty())
            broken();
    }

private:
    [[noreturn]] static void broken()
    {
        throw Error(ErrorKind::damaged, "a document of the index has broken data");
    }

    std::string_view rest_;
};

}  // namespace

Card card_of(const mail::Searchable& message)
{
    Card card;
    if (!message.from.empty())
        card.from = line(message.from.front());
    add_lines(card.to, message.to, max_recipients);
    add_lines(card.to, message.cc, max_recipients);
    card.subject = line(message.subject);
    card.message_id = message_id(message.message_id);
    card.references = few_of(message.references);
    for (const mail::SearchableAttachment& attachment : message.attachments)
        if (card.attachments.size() < max_attachments)
            card.attachments.push_back(line(attachment.file_name));
    Folded opening = folded(message.text, max_opening_bytes);
    card.opening = std::move(opening.text);
    card.is_whole = opening.is_whole;
    return card;
}

std::string encode_hit(const Hit& hit)
{
    const Card& card = hit.card;
    std::string out(text_of(hit.id.bytes()));
    out += date_value(hit.date);
    put_number(out, hit.size_bytes);
    put_number(out, card.is_whole ? 1 : 0);
    put(out, card.from);
    put(out, card.to);
    put(out, card.subject);
    put(out, card.message_id);
    put(out, card.references);
    put(out, card.attachments);
    put(out, card.opening);
    return out;
}

Hit decode_hit(std::string_view bytes)
{
    Reader reader(bytes);
    Hit hit;
    hit.id = crypto::ContentId::from_bytes(bytes_of(reader.bytes(crypto::ContentId::size)));
    hit.date = date_of(reader.bytes(number_bytes));
    hit.size_bytes = reader.number();
    Card& card = hit.card;
    card.is_whole = reader.number() == 1;
    card.from = reader.text();
    card.to = reader.texts();
    card.subject = reader.text();
    card.message_id = reader.text();
    card.references = reader.texts();
    card.attachments = reader.texts();
    card.opening = reader.text();
    reader.require_end();
    return hit;
}

}  // namespace mailhold::index
