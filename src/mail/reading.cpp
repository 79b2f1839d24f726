// What a message says, for people: header fields, text, and what hangs on it.

#include "mailhold/mail/reading.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "charset.hpp"
#include "gmime_seam.hpp"
#include "header_text.hpp"
#include "html_text.hpp"
#include "structure.hpp"
#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_text_bytes = 16 * mebibyte;  ///< of one body that are looked at
constexpr std::size_t max_addresses = 10'000;
constexpr std::size_t max_file_name_bytes = 200;

/// What raw 8-bit bytes of the header are likely in: the charset of the first text.
std::string likely_charset(const std::vector<Entity>& entities)
{
    for (const Entity& entity : entities)
        if (!entity.charset.empty())
            return entity.charset;
    return {};
}

/// The last component of what may be a path, without what file systems or terminals take amiss.
std::string safe_file_name(std::string_view name)
{
    const std::size_t slash = name.find_last_of("/\\");
    std::string out = single_line(slash == std::string_view::npos ? name : name.substr(slash + 1));
    if (out.starts_with('.'))
        out.front() = '_';
    if (out.size() <= max_file_name_bytes)
        return out;
    const std::size_t dot = out.rfind('.');
    const std::string extension =
        dot != std::string::npos && out.size() - dot <= 16 ? out.substr(dot) : std::string();
    return std::string(utf8_prefix(out, max_file_name_bytes - extension.size())) + extension;
}

/// Parameters in RFC 2231 form name their charset themselves: use the one that is meant by it.
std::string with_larger_charsets(std::string value)
{
    for (const std::string_view small : {"gb2312'", "GB2312'", "gbk'", "GBK'"})
        for (std::size_t at = value.find(small); at != std::string::npos;
             at = value.find(small, at + 8))
            value.replace(at, small.size(), "gb18030'");
    return value;
}

struct PartName {
    std::string file_name;
    bool is_attachment = false;
};

PartName name_of(const Entity& entity, std::string_view charset)
{
    const auto prepared = [&](std::string_view field) {
        const auto value = header_value(entity.header, field);
        return value ? with_larger_charsets(in_utf8(*value, charset)) : std::string();
    };
    PartName name;
    if (const std::string value = prepared("content-disposition"); !value.empty()) {
        const Disposition disposition = parse_disposition(value);
        name = {disposition.file_name, disposition.is_attachment};
    }
    if (name.file_name.empty())
        if (const std::string value = prepared("content-type"); !value.empty())
            name.file_name = parse_content_type(value).name;
    name.file_name = safe_file_name(to_utf8(name.file_name, charset));
    return name;
}

/// A body's text, not something to be saved. A multipart whose parts cannot be found counts as
/// text.
bool is_body(const Entity& entity, const PartName& name)
{
    return !name.is_attachment && name.file_name.empty() &&
           (entity.media_type == "text/plain" || entity.media_type == "text/html" ||
            entity.media_type.starts_with("multipart/"));
}

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

std::string text_body(const Entity& entity)
{
    std::string bytes;
    decode_transfer(entity.body, entity.encoding, [&](Bytes piece) {
        bytes += text_of(piece.first(std::min(piece.size(), max_text_bytes - bytes.size())));
        return bytes.size() < max_text_bytes;
    });
    if (entity.media_type != "text/html")
        return running_text(to_utf8(bytes, entity.charset));
    const std::string charset(entity.charset.empty() ? html_charset(bytes) : entity.charset);
    return running_text(html_to_text(to_utf8(bytes, charset)));
}

bool is_empty(std::string_view text)
{
    return text.find_first_not_of(" \t\n") == std::string_view::npos;
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

std::vector<std::string> addresses(std::string_view header, std::string_view field,
                                   std::string_view charset)
{
    const auto value = header_value(header, field);
    if (!value)
        return {};
    std::vector<std::string> found = parse_addresses(in_utf8(*value, charset), max_addresses);
    for (std::string& address : found)
        address = single_line(to_utf8(address, charset));
    std::erase(found, "");
    if (found.empty())
        if (std::string text = decode_text(*value, charset); !text.empty())
            found.push_back(std::move(text));
    return found;
}

std::string text_field(std::string_view header, std::string_view field, std::string_view charset)
{
    const auto value = header_value(header, field);
    return value ? decode_text(*value, charset) : std::string();
}

/// An embedded message is named after its subject.
std::string message_file_name(const Entity& entity, std::string_view charset)
{
    const std::string subject = text_field(header_block(entity.body), "subject", charset);
    return safe_file_name(
        fmt::format("{}.eml", utf8_prefix(subject.empty() ? "message" : subject, 100)));
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

std::optional<ByteBuffer> read_attachment(Bytes raw, int number)
{
    const std::vector<Entity> entities = entities_of(text_of(raw));
    const Sorted parts = sorted(entities, likely_charset(entities));
    if (number < 1 || static_cast<std::size_t>(number) > parts.attached.size())
        return std::nullopt;
    const Entity& entity = *parts.attached[static_cast<std::size_t>(number) - 1].first;
    if (entity.is_message)
        return copy_of(bytes_of(entity.body));
    ByteBuffer out;
    out.reserve(entity.encoding == "base64" ? entity.body.size() / 4 * 3 + 3 : entity.body.size());
    decode_transfer(entity.body, entity.encoding, [&](Bytes piece) {
        append(out, piece);
        return true;
    });
    return out;
}

}  // namespace mailhold::mail
