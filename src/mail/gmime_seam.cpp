// GMime behind plain values. Nothing here throws for odd mail: GMime answers NULL or a guess.

#include "gmime_seam.hpp"

#include <memory>

#include <gmime/gmime.h>

#include <fmt/format.h>

#include "header_writing.hpp"
#include "mailhold/base/ascii.hpp"

namespace mailhold::mail {

namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};

template <class Object>
using Owned = std::unique_ptr<Object, Unref>;

void ensure_gmime()
{
    static const bool ready = (g_mime_init(), true);
    static_cast<void>(ready);
}

std::string text_or_empty(const char* text)
{
    return text == nullptr ? std::string() : std::string(text);
}

bool needs_quotes(const std::string& name)
{
    return name.find_first_of(",;<>@\"()[]:\\") != std::string::npos;
}

void collect(InternetAddressList* list, std::size_t limit, int depth, std::vector<std::string>& out)
{
    if (list == nullptr || depth > 8)
        return;
    const int count = internet_address_list_length(list);
    for (int i = 0; i < count && out.size() < limit; ++i) {
        InternetAddress* entry = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(entry)) {
            collect(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(entry)), limit,
                    depth + 1, out);
            continue;
        }
        const std::string name = text_or_empty(internet_address_get_name(entry));
        const std::string address =
            text_or_empty(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(entry)));
        if (name.empty())
            out.push_back(address);
        else
            out.push_back(
                fmt::format("{} <{}>", needs_quotes(name) ? quoted_string(name) : name, address));
    }
}

}  // namespace

ContentType parse_content_type(const std::string& value)
{
    ensure_gmime();
    const Owned<GMimeContentType> type(g_mime_content_type_parse(nullptr, value.c_str()));
    if (!type)
        return {};
    const std::string main_type = text_or_empty(g_mime_content_type_get_media_type(type.get()));
    const std::string subtype = text_or_empty(g_mime_content_type_get_media_subtype(type.get()));
    ContentType out;
    if (!main_type.empty() && !subtype.empty())
        out.media_type = lower_case(main_type + "/" + subtype);
    out.boundary = text_or_empty(g_mime_content_type_get_parameter(type.get(), "boundary"));
    out.charset = text_or_empty(g_mime_content_type_get_parameter(type.get(), "charset"));
    out.name = text_or_empty(g_mime_content_type_get_parameter(type.get(), "name"));
    const auto says = [&](const char* parameter, const char* expected) {
        const char* const said = g_mime_content_type_get_parameter(type.get(), parameter);
        return said != nullptr && g_ascii_strcasecmp(said, expected) == 0;
    };
    out.is_flowed = says("format", "flowed");
    out.deletes_spaces = says("delsp", "yes");
    return out;
}

Disposition parse_disposition(const std::string& value)
{
    ensure_gmime();
    const Owned<GMimeContentDisposition> disposition(
        g_mime_content_disposition_parse(nullptr, value.c_str()));
    if (!disposition)
        return {};
    return {g_mime_content_disposition_is_attachment(disposition.get()) != 0,
            text_or_empty(g_mime_content_disposition_get_parameter(disposition.get(), "filename"))};
}

std::vector<std::string> parse_addresses(const std::string& value, std::size_t limit)
{
    ensure_gmime();
    std::vector<std::string> out;
    const Owned<InternetAddressList> list(internet_address_list_parse(nullptr, value.c_str()));
    collect(list.get(), limit, 0, out);
    return out;
}

std::optional<InternalDate> parse_header_date(const std::string& value)
{
    ensure_gmime();
    const std::unique_ptr<GDateTime, decltype(&g_date_time_unref)> date(
        g_mime_utils_header_decode_date(value.c_str()), g_date_time_unref);
    if (!date)
        return std::nullopt;
    const int zone_minutes =
        static_cast<int>(g_date_time_get_utc_offset(date.get()) / G_TIME_SPAN_MINUTE);
    return InternalDate{g_date_time_to_unix(date.get()), zone_minutes};
}

void decode_transfer(std::string_view body, const std::string& encoding,
                     const std::function<bool(Bytes)>& sink)
{
    ensure_gmime();
    constexpr std::size_t piece_bytes = 64 * kibibyte;
    const GMimeContentEncoding kind = g_mime_content_encoding_from_string(encoding.c_str());
    const Owned<GMimeFilter> filter(g_mime_filter_basic_new(kind, FALSE));
    char* out = nullptr;
    std::size_t out_bytes = 0;
    std::size_t room = 0;
    for (std::size_t at = 0; at < body.size(); at += piece_bytes) {
        const std::string_view piece = body.substr(at, piece_bytes);
        // GMime takes a non-const pointer and only reads.
        g_mime_filter_filter(filter.get(), const_cast<char*>(piece.data()), piece.size(), 0, &out,
                             &out_bytes, &room);
        if (!sink(bytes_of({out, out_bytes})))
            return;
    }
    char nothing = 0;
    g_mime_filter_complete(filter.get(), &nothing, 0, 0, &out, &out_bytes, &room);
    sink(bytes_of({out, out_bytes}));
}

}  // namespace mailhold::mail
