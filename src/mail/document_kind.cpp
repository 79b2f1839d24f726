// Cheap: the parent process asks, too, before it sends a document to a worker.

#include "document_kind.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "mailhold/base/ascii.hpp"

namespace mailhold::mail {

namespace {

using namespace std::string_view_literals;
using enum DocumentKind;

using KindOf = std::pair<std::string_view, DocumentKind>;

constexpr std::array<KindOf, 12> magics = {{
    {"PK\3\4", zip},
    {"PK\5\6", zip},
    {"Rar!\x1a\x07", archive},
    {"7z\xbc\xaf\x27\x1c", archive},
    {"\x1f\x8b", archive},
    {"BZh", archive},
    {"\xfd\x37zXZ\0"sv, archive},
    {"\x28\xb5\x2f\xfd", archive},
    {"{\\rt", rtf},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ole},
    {"\x78\x9f\x3e\x22", tnef},
    {"%PDF-", pdf},
}};

constexpr std::array<KindOf, 32> extensions = {{
    {"csv", text}, {"tsv", text},  {"txt", text},   {"text", text},   {"asc", text},
    {"log", text}, {"md", text},   {"json", text},  {"ics", text},    {"vcf", text},
    {"ini", text}, {"yaml", text}, {"yml", text},   {"edi", text},    {"sql", text},
    {"tex", text}, {"srt", text},  {"html", html},  {"htm", html},    {"xhtml", html},
    {"xml", xml},  {"xsd", xml},   {"kml", xml},    {"fodt", xml},    {"fods", xml},
    {"eml", mail}, {"mht", mail},  {"mhtml", mail}, {"tar", archive}, {"doc", text},
    {"xls", text}, {"prn", text},
}};

constexpr std::array<KindOf, 8> types = {{
    {"text/html", html},
    {"application/xhtml+xml", html},
    {"message/rfc822", mail},
    {"message/global", mail},
    {"text/xml", xml},
    {"application/xml", xml},
    {"application/json", text},
    {"application/csv", text},
}};

template <std::size_t Count>
DocumentKind looked_up(const std::array<KindOf, Count>& table, std::string_view key)
{
    const auto found = std::ranges::find(table, key, &KindOf::first);
    return found == table.end() ? unread : found->second;
}

DocumentKind kind_by_first_bytes(std::string_view content)
{
    for (const auto& [magic, kind] : magics)
        if (content.starts_with(magic))
            return kind;
    // Readers of PDF accept rubbish before it; tar keeps its mark behind the first name.
    if (content.substr(0, 1024).find("%PDF-") != std::string_view::npos)
        return pdf;
    return content.size() > 512 && content.substr(257).starts_with("ustar") ? archive : unread;
}

DocumentKind kind_by_name(const Document& document)
{
    const std::string type = lower_case(document.media_type);
    const std::size_t dot = document.file_name.rfind('.');
    DocumentKind kind = unread;
    if (dot != std::string_view::npos)
        kind = looked_up(extensions, lower_case(document.file_name.substr(dot + 1)));
    if (kind == unread)
        kind = looked_up(types, type);
    return kind == unread && type.starts_with("text/") ? text : kind;
}

/// Programs save tables as HTML or XML and call them .xls.
DocumentKind kind_of_text(std::string_view content)
{
    const std::size_t start = content.find_first_not_of("\xef\xbb\xbf \t\r\n");
    if (start == std::string_view::npos)
        return text;
    const std::string head = lower_case(content.substr(start, 1024));
    if (head.starts_with("<!doctype html") || head.find("<html") != std::string::npos)
        return html;
    return head.starts_with("<?xml") ? xml : text;
}

}  // namespace

DocumentKind kind_of(const Document& document)
{
    const std::string_view content = text_of(document.content);
    if (content.empty())
        return unread;
    if (const DocumentKind kind = kind_by_first_bytes(content); kind != unread)
        return kind;
    const DocumentKind kind = kind_by_name(document);
    return kind == text ? kind_of_text(content) : kind;
}

bool is_readable(const Document& document)
{
    return kind_of(document) != unread;
}

}  // namespace mailhold::mail
