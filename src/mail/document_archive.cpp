// Archives of other documents: names first, then what is inside them.

#include <algorithm>
#include <array>

#include "mailhold/base/ascii.hpp"

#include "charset.hpp"
#include "document_kind.hpp"
#include "document_office.hpp"
#include "document_reading.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_member_bytes = 64 * mebibyte;

/// The content, as far as the budget goes; one byte too long where it is too large.
ByteBuffer content_of(archive::Member& member)
{
    constexpr std::size_t piece_bytes = 256 * kibibyte;
    ByteBuffer content;
    while (content.size() <= max_member_bytes) {
        const std::size_t filled = content.size();
        content.resize(filled + piece_bytes);
        const std::size_t got = member.read(std::span(content).subspan(filled));
        content.resize(filled + got);
        if (got < piece_bytes)
            break;
    }
    return content;
}

std::string_view file_part(std::string_view path)
{
    return path.substr(path.find_last_of("/\\") + 1);
}

/// What may be worth unpacking: a look at the name saves the time for pictures.
bool may_be_readable(std::string_view name)
{
    constexpr std::array pictures = {".jpg", ".jpeg", ".png", ".gif", ".bmp",  ".tif", ".tiff",
                                     ".mp4", ".avi",  ".mov", ".mp3", ".wav",  ".exe", ".dll",
                                     ".so",  ".webp", ".psd", ".dwg", ".step", ".stp", ".iso"};
    const std::string lower = lower_case(name);
    return std::ranges::none_of(pictures,
                                [&](const char* ending) { return lower.ends_with(ending); });
}

void read_member(archive::Member& member, Reading& reading)
{
    const std::string name = to_utf8(member.name(), {});
    reading.add(single_line(name));
    reading.end_line();
    if (!may_be_readable(name))
        return;
    const ByteBuffer content = content_of(member);
    const Document document{file_part(name), {}, content};
    if (content.size() > max_member_bytes)
        reading.shorten("a large file in it");
    if (content.size() <= max_member_bytes || kind_of(document) == DocumentKind::text)
        read_inner(document, reading);
}

void read_members(Bytes content, Reading& reading)
{
    reading.note(archive::unpack(content, reading.budget(), [&](archive::Member& member) {
        read_member(member, reading);
        return !reading.is_over();
    }));
}

struct ZipLook {
    std::vector<std::string> names;
    std::string type;  ///< what an OpenDocument file says it is
};

/// Only looks at names; costs nothing of the budget that members share.
ZipLook look_into(Bytes content)
{
    constexpr std::uint32_t enough_names = 5'000;
    archive::UnpackBudget budget{4 * kibibyte, enough_names};
    ZipLook look;
    archive::unpack(content, budget, [&](archive::Member& member) {
        look.names.push_back(member.name());
        if (member.name() == "mimetype") {
            std::array<std::byte, 100> type{};
            const std::size_t got = member.read(type);
            look.type = text_of(Bytes(type).first(got));
        }
        return true;
    });
    return look;
}

}  // namespace

void read_archive(Bytes content, Reading& reading)
{
    read_members(content, reading);
}

void read_zip(Bytes content, Reading& reading)
{
    const ZipLook look = look_into(content);
    OfficeKind kind = office_kind(look.names);
    if (kind == OfficeKind::open_document && look.type.find("spreadsheet") != std::string::npos)
        kind = OfficeKind::open_sheet;
    if (kind == OfficeKind::none)
        return read_members(content, reading);
    if (kind == OfficeKind::sheet)
        return read_workbook(content, reading);
    read_running_office(kind, content, reading);
}

}  // namespace mailhold::mail
