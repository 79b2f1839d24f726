// What of libpst is not as it should be is put right here.

#include "pst_seam.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "charset.hpp"

namespace mailhold::mail {

namespace {

struct PageName {
    int page;
    const char* name;
};

/// Where the name is not "windows-" and the number.
constexpr std::array<PageName, 30> page_names = {{
    {437, "cp437"},         {850, "cp850"},         {866, "cp866"},          {874, "tis-620"},
    {932, "shift_jis"},     {936, "gbk"},           {949, "ks_c_5601-1987"}, {950, "big5"},
    {10000, "macintosh"},   {20127, "us-ascii"},    {20866, "koi8-r"},       {20936, "gb2312"},
    {21866, "koi8-u"},      {28591, "iso-8859-1"},  {28592, "iso-8859-2"},   {28593, "iso-8859-3"},
    {28594, "iso-8859-4"},  {28595, "iso-8859-5"},  {28596, "iso-8859-6"},   {28597, "iso-8859-7"},
    {28598, "iso-8859-8"},  {28599, "iso-8859-9"},  {28605, "iso-8859-15"},  {50220, "iso-2022-jp"},
    {50221, "iso-2022-jp"}, {50225, "iso-2022-kr"}, {51932, "euc-jp"},       {51949, "euc-kr"},
    {54936, "gb18030"},     {65001, "utf-8"},
}};

// Numbers of properties (MS-OXPROPS).
constexpr std::uint32_t recipient_type = 0x0c15;
constexpr std::uint32_t rtf_prefix_count = 0x1010;
constexpr std::uint32_t rtf_trailing_count = 0x1011;
constexpr std::uint32_t internet_references = 0x1039;
constexpr std::uint32_t last_verb_executed = 0x1081;
constexpr std::uint32_t flag_status_number = 0x1090;
constexpr std::uint32_t display_name = 0x3001;
constexpr std::uint32_t address_type = 0x3002;
constexpr std::uint32_t email_address = 0x3003;
constexpr std::uint32_t attached_short_name = 0x3704;
constexpr std::uint32_t attached_long_name = 0x3707;
constexpr std::uint32_t attached_media_type = 0x370e;
constexpr std::uint32_t attached_sequence = 0x3710;
constexpr std::uint32_t attached_content_id = 0x3712;
constexpr std::uint32_t smtp_address = 0x39fe;
constexpr std::uint32_t sender_smtp_address = 0x5d01;
constexpr std::uint32_t from_smtp_address = 0x5d02;
constexpr std::uint32_t passed_over = 0x0003;  // libpst does nothing with it

struct Redirection {
    std::uint32_t from;
    std::uint32_t to;  ///< where `header` is null
    const char* header;
};

/// In the order of `from`, which libpst relies on, and below 0x8000, where the file's own names
/// begin.
constexpr std::array<Redirection, 13> redirections = {{
    {recipient_type, attached_sequence, nullptr},
    {rtf_prefix_count, passed_over, nullptr},
    {rtf_trailing_count, passed_over, nullptr},
    {internet_references, 0, kept::references.data()},
    {last_verb_executed, rtf_prefix_count, nullptr},
    {flag_status_number, rtf_trailing_count, nullptr},
    {display_name, attached_long_name, nullptr},
    {address_type, attached_short_name, nullptr},
    {email_address, attached_media_type, nullptr},
    {attached_sequence, passed_over, nullptr},
    {smtp_address, attached_content_id, nullptr},
    {sender_smtp_address, 0, kept::sender_smtp.data()},
    {from_smtp_address, 0, kept::from_smtp.data()},
}};

}  // namespace

std::string charset_of_page(int code_page)
{
    const auto* named = std::ranges::find(page_names, code_page, &PageName::page);
    if (named != page_names.end())
        return named->name;
    return code_page >= 1250 && code_page <= 1258 ? fmt::format("windows-{}", code_page)
                                                  : std::string();
}

std::string_view bytes_of_text(const pst_string& text)
{
    return text.str == nullptr ? std::string_view() : std::string_view(text.str);
}

std::string utf8_of(const pst_item& item, const pst_string& text)
{
    if (text.is_utf8 != 0)
        return to_utf8(bytes_of_text(text), "utf-8");
    const int page = item.message_codepage != 0 ? item.message_codepage : item.internet_cpid;
    return to_utf8(bytes_of_text(text), charset_of_page(page));
}

std::optional<std::int64_t> epoch_of(const FILETIME* time)
{
    constexpr std::uint64_t ticks_a_second = 10'000'000;
    constexpr std::int64_t seconds_to_1970 = 11'644'473'600;  // from 1601
    constexpr std::int64_t year_10000 = 253'402'300'800;
    if (time == nullptr)
        return std::nullopt;
    const std::uint64_t ticks =
        (static_cast<std::uint64_t>(time->dwHighDateTime) << 32U) | time->dwLowDateTime;
    const std::int64_t epoch = static_cast<std::int64_t>(ticks / ticks_a_second) - seconds_to_1970;
    return epoch > 0 && epoch < year_10000 ? std::optional(epoch) : std::nullopt;
}

PropertyTable::PropertyTable(pst_file& file) : file_(file), original_(file.x_head)
{
    static std::array<pst_x_attrib_ll, redirections.size()> entries{};
    static std::array<std::uint32_t, redirections.size()> targets{};
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Redirection& one = redirections.at(i);
        targets.at(i) = one.to;
        pst_x_attrib_ll& entry = entries.at(i);
        entry.mytype = one.header != nullptr ? PST_MAP_HEADER : PST_MAP_ATTRIB;
        entry.map = one.from;
        // libpst copies the name, and only reads.
        entry.data = one.header != nullptr ? const_cast<char*>(one.header)
                                           : static_cast<void*>(&targets.at(i));
        entry.next = i + 1 < entries.size() ? &entries.at(i + 1) : original_;
    }
    file_.x_head = entries.data();
}

PropertyTable::~PropertyTable()
{
    file_.x_head = original_;
}

namespace kept {

std::string text(const pst_item& item, std::string_view name)
{
    for (const pst_item_extra_field* field = item.extra_fields; field != nullptr;
         field = field->next)
        if (field->field_name != nullptr && field->field_name == name && field->value != nullptr)
            return to_utf8(field->value, {});
    return {};
}

int last_verb(const pst_item& item)
{
    return item.email != nullptr ? item.email->rtf_ws_prefix_count : 0;
}

int flag_status(const pst_item& item)
{
    return item.email != nullptr ? item.email->rtf_ws_trailing_count : 0;
}

std::optional<Recipient> recipient_of(const pst_item_attach& row)
{
    if (row.sequence == 0)
        return std::nullopt;
    return Recipient{.kind = row.sequence & 0x0f,
                     .name = row.filename2,
                     .address_type = row.filename1,
                     .address = row.mimetype,
                     .smtp_address = row.content_id};
}

}  // namespace kept

}  // namespace mailhold::mail
