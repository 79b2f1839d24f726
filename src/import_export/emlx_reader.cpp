// The property list is searched for the two numbers that matter; it is not worth an XML parser.

#include "emlx_reader.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace mailhold::import_export {

namespace {

constexpr std::size_t max_plist_bytes = 256 * kibibyte;

constexpr std::array<std::pair<std::uint64_t, std::string_view>, 6> flag_bits = {
    {{1U << 0U, "\\Seen"},
     {1U << 1U, "\\Deleted"},
     {1U << 2U, "\\Answered"},
     {1U << 4U, "\\Flagged"},
     {1U << 6U, "\\Draft"},
     {1U << 8U, "$Forwarded"}}};

/// The number behind <key>name</key>.
std::optional<std::uint64_t> plist_number(std::string_view plist, const std::string& name)
{
    const std::string key = "<key>" + name + "</key>";
    std::size_t at = plist.find(key);
    if (at == std::string_view::npos)
        return std::nullopt;
    plist.remove_prefix(at + key.size());
    at = plist.find_first_not_of(" \t\r\n");
    if (at == std::string_view::npos)
        return std::nullopt;
    plist.remove_prefix(at);
    for (const std::string_view tag : {"<integer>", "<real>"}) {
        if (!plist.starts_with(tag))
            continue;
        plist.remove_prefix(tag.size());
        std::uint64_t number = 0;
        const auto parsed = std::from_chars(plist.data(), plist.data() + plist.size(), number);
        return parsed.ec == std::errc{} ? std::optional(number) : std::nullopt;
    }
    return std::nullopt;
}

Flags flags_of(std::uint64_t bits)
{
    Flags flags;
    for (const auto& [bit, flag] : flag_bits)
        if ((bits & bit) != 0)
            flags.emplace_back(flag);
    return normalised_flags(std::move(flags));
}

/// The count on the first line; nullopt when it is none.
std::optional<std::uint64_t> count_of(std::string_view line)
{
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), count);
    const bool is_alone =
        line.substr(static_cast<std::size_t>(end - line.data())).find_first_not_of(" \t\r\n") ==
        std::string_view::npos;
    return error == std::errc{} && is_alone ? std::optional(count) : std::nullopt;
}

}  // namespace

void read_emlx(BufferedReader& reader, const FileContext& context, MailSink& sink)
{
    const std::string_view first = reader.peek_line();
    const auto count = count_of(first);
    if (!count)
        return sink.failed({context.file, 0}, "no .emlx: its first line is not a number of bytes");
    if (*count > max_message_bytes)
        return sink.failed({context.file, 0}, "larger than 256 MiB");
    reader.take(first.size());
    const std::string_view raw = reader.peek(*count);
    if (raw.size() < *count)
        return sink.failed({context.file, 0}, "cut off: shorter than its first line says");
    Incoming message{.from = {context.file, 0},
                     .folder = context.folder,
                     .flags = {},
                     .date = context.date,
                     .raw = copy_of(bytes_of(raw))};
    reader.take(raw.size());
    const std::string_view plist = reader.peek(max_plist_bytes);
    if (const auto bits = plist_number(plist, "flags"))
        message.flags = flags_of(*bits);
    if (const auto received = plist_number(plist, "date-received");
        received && *received <= 253'402'300'799U)
        message.date = InternalDate{static_cast<std::int64_t>(*received), 0};
    sink.message(std::move(message));
}

}  // namespace mailhold::import_export
