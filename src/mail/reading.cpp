// What a message says, for people: header fields, text, and what hangs on it.

#include "mailhold/mail/reading.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "charset.hpp"
#include "gmime_seam.hpp"
#include "parts.hpp"

namespace mailhold::mail {

namespace {

std::uint64_t decoded_bytes(const Entity& entity)
{
    if (entity.is_message)
        return entity.body.size();
    std::uint64_t size = 0;
    decode_transfer(entity.body, entity.encoding, [&](Bytes piece) {
        size += piece.size();
        return true;
    });
    return size;
}

void add_paragraph(std::string& text, std::string_view more)
{
    if (is_empty(more) || text.size() + more.size() > max_text_bytes)
        return;
    if (!text.empty())
        text += text.ends_with('\n') ? "\n" : "\n\n";
    text += more;
}

/// Plain bodies, and HTML ones that no plain text stands for in their alternative.
std::string shown_text(const std::vector<const Entity*>& shown)
{
    std::set<std::size_t> told;  // alternatives that have plain text
    std::string text;
    for (const Entity* entity : shown)
        if (entity->media_type == "text/plain" && entity->alternative != 0 &&
            !is_empty(text_body(*entity)))
            told.insert(entity->alternative);
    for (const Entity* entity : shown)
        if (entity->media_type != "text/html" || !told.contains(entity->alternative))
            add_paragraph(text, text_body(*entity));
    return text;
}

struct Sorted {
    std::vector<const Entity*> shown;
    std::vector<std::pair<const Entity*, PartName>> attached;  ///< in MIME order
};

Sorted sorted(const std::vector<Entity>& entities, std::string_view charset)
{
    Sorted out;
    for (const Entity& entity : entities) {
        PartName name = name_of(entity, charset);
        if (!is_body(entity, name))
            out.attached.emplace_back(&entity, std::move(name));
        else if (entity.messages_around == 0)
            out.shown.push_back(&entity);
        // Bodies of embedded messages are read by saving those, which are attachments themselves.
    }
    return out;
}

}  // namespace

Readable read_message(Bytes raw)
{
    const std::vector<Entity> entities = entities_of(text_of(raw));
    const std::string charset = likely_charset(entities);
    const std::string_view header = header_block(text_of(raw));

    Readable out;
    out.from = fmt::format("{}", fmt::join(addresses(header, "from", charset), ", "));
    out.to = addresses(header, "to", charset);
    out.cc = addresses(header, "cc", charset);
    out.subject = text_field(header, "subject", charset);
    out.message_id = text_field(header, "message-id", charset);
    if (const auto date = header_value(header, "date"))
        out.date = parse_header_date(*date);

    const Sorted parts = sorted(entities, charset);
    out.text = shown_text(parts.shown);
    for (const auto& [entity, name] : parts.attached) {
        std::string file_name = name.file_name;
        if (file_name.empty() && entity->is_message)
            file_name = message_file_name(*entity, charset);
        out.attachments.push_back(
            {static_cast<int>(out.attachments.size()) + 1, std::move(file_name),
             single_line(to_utf8(entity->media_type, {})), decoded_bytes(*entity)});
    }
    return out;
}

std::string subject_of(Bytes raw)
{
    const std::string_view header = header_block(text_of(raw));
    const auto type = header_value(header, "content-type");
    return text_field(header, "subject", type ? parse_content_type(*type).charset : std::string());
}

Correspondents correspondents_of(Bytes raw)
{
    const std::string_view header = header_block(text_of(raw));
    const auto type = header_value(header, "content-type");
    const std::string charset = type ? parse_content_type(*type).charset : std::string();
    std::vector<std::string> to = addresses(header, "to", charset);
    std::ranges::move(addresses(header, "cc", charset), std::back_inserter(to));
    return {fmt::format("{}", fmt::join(addresses(header, "from", charset), ", ")),
            fmt::format("{}", fmt::join(to, ", "))};
}

std::optional<InternalDate> date_of(Bytes raw)
{
    const auto date = header_value(header_block(text_of(raw)), "date");
    return date ? parse_header_date(*date) : std::nullopt;
}

std::optional<ByteBuffer> read_attachment(Bytes raw, int number)
{
    const std::vector<Entity> entities = entities_of(text_of(raw));
    const Sorted parts = sorted(entities, likely_charset(entities));
    if (number < 1 || static_cast<std::size_t>(number) > parts.attached.size())
        return std::nullopt;
    return decoded_content(*parts.attached[static_cast<std::size_t>(number) - 1].first);
}

}  // namespace mailhold::mail
