// Names made safe: what a server calls a folder may be a path, a reserved word or no text at all.

#include "names.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/crypto/crypto.hpp"

#include "index_page.hpp"

namespace mailhold::deliver {

namespace {

constexpr std::size_t max_component_bytes = 200;  // NAME_MAX is 255; ".mbox" comes behind
constexpr std::size_t max_path_bytes = 3'000;     // PATH_MAX is 4,096, with the destination's own
constexpr std::size_t max_subject_bytes = 80;

/// Names that the formats use beside folders.
constexpr std::array<std::string_view, 8> reserved = {
    "cur",      "new",          "tmp",         "dovecot-keywords",
    index_name, checksums_name, manifest_name, "mailhold-export.jsonl.incomplete"};

/// The longest start of at most `limit` bytes that ends between UTF-8 characters.
std::string_view prefix(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0U) == 0x80)
        --limit;
    return text.substr(0, limit);
}

std::string escaped(char c)
{
    return fmt::format("%{:02X}", static_cast<unsigned char>(c));
}

bool is_control(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// The start of an encoded name and a hash of the whole of it. "%~" comes from no escape.
std::string shortened(const std::string& encoded, std::size_t limit)
{
    std::string start(prefix(encoded, limit));
    if (const std::size_t percent = start.rfind('%');
        percent != std::string::npos && percent + 3 > start.size())
        start.resize(percent);
    return start + "%~" + crypto::hash(bytes_of(encoded)).hex().substr(0, 16);
}

std::string component(std::string_view name)
{
    if (name.empty())
        return "%";
    const bool is_text = is_utf8(name);
    std::string out;
    for (const char c : name) {
        const bool is_odd = c == '%' || c == '/' || is_control(c) || (!is_text && (c & 0x80) != 0);
        out += is_odd ? escaped(c) : std::string(1, c);
    }
    // A dot in front hides a folder, or is "." and ".."; the extensions belong to files.
    if (out.starts_with('.'))
        out.replace(0, 1, escaped('.'));
    if (out.ends_with(".mbox") || out.ends_with(".eml"))
        out.replace(out.rfind('.'), 1, escaped('.'));
    if (std::ranges::find(reserved, out) != reserved.end())
        out.replace(0, 1, escaped(out.front()));
    return out.size() > max_component_bytes ? shortened(out, max_component_bytes - 20) : out;
}

/// The instant as a sortable name.
std::string compact_time(const std::optional<InternalDate>& date)
{
    if (!date)
        return "undated";
    std::string text = format_utc(Time{date->epoch_seconds});
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

/// A subject as part of a file name: separators of other systems and blanks become one '_'.
std::string subject_part(std::string_view subject)
{
    if (!is_utf8(subject))
        return {};
    constexpr std::string_view odd = "/\\:*?\"<>|% \x7f";
    std::string out;
    for (const char c : subject) {
        if (!is_control(c) && odd.find(c) == std::string_view::npos)
            out += c;
        else if (!out.empty() && out.back() != '_')
            out += '_';
    }
    out = prefix(out, max_subject_bytes);
    while (out.ends_with('_') || out.ends_with('.'))
        out.pop_back();
    return out;
}

}  // namespace

std::string folder_path(std::string_view name, char separator)
{
    std::string path;
    for (bool is_last = false; !is_last;) {
        const std::size_t end = separator == '\0' ? std::string_view::npos : name.find(separator);
        is_last = end == std::string_view::npos;
        path += component(name.substr(0, end));
        if (!is_last) {
            path += '/';
            name.remove_prefix(end + 1);
        }
    }
    if (path.size() <= max_path_bytes)
        return path;
    std::ranges::replace(path, '/', '_');
    return shortened(path, max_component_bytes - 20);
}

std::string folder_path(const Outgoing& message)
{
    const std::string folder = folder_path(message.folder, message.separator);
    return message.account.empty() ? folder : component(message.account) + '/' + folder;
}

std::string readable_name(const Outgoing& message)
{
    const std::string subject = subject_part(message.subject);
    return fmt::format("{}{}{}-{}", compact_time(message.date), subject.empty() ? "" : "-", subject,
                       message.id_hex.substr(0, 12));
}

std::string UniquePaths::claim(const std::string& path, std::string_view extension)
{
    std::string whole = path + std::string(extension);
    if (take(whole))
        return whole;
    std::uint64_t& last = repeated_.try_emplace(path, 1).first->second;
    do {
        whole = fmt::format("{}-{}{}", path, ++last, extension);
    } while (!take(whole));
    return whole;
}

bool UniquePaths::take(const std::string& path)
{
    return taken_.insert(std::hash<std::string>{}(path)).second;
}

}  // namespace mailhold::deliver
