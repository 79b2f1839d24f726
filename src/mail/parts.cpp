// What reading and searching share: parts' names, their text, header fields.

#include "parts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "charset.hpp"
#include "gmime_seam.hpp"
#include "header_text.hpp"
#include "html_text.hpp"
#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_addresses = 10'000;
constexpr std::size_t max_file_name_bytes = 200;

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

}  // namespace

std::string likely_charset(const std::vector<Entity>& entities)
{
    for (const Entity& entity : entities)
        if (!entity.charset.empty())
            return entity.charset;
    return {};
}

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
    if (name.file_name.empty() && entity.has_name)
        name.file_name = parse_content_type(prepared("content-type")).name;
    name.file_name = safe_file_name(to_utf8(name.file_name, charset));
    return name;
}

bool is_body(const Entity& entity, const PartName& name)
{
    return !name.is_attachment && name.file_name.empty() &&
           (entity.media_type == "text/plain" || entity.media_type == "text/html" ||
            entity.media_type.starts_with("multipart/"));
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

std::string message_file_name(const Entity& entity, std::string_view charset)
{
    const std::string subject = text_field(header_block(entity.body), "subject", charset);
    return safe_file_name(
        fmt::format("{}.eml", utf8_prefix(subject.empty() ? "message" : subject, 100)));
}

ByteBuffer decoded_content(const Entity& entity)
{
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
