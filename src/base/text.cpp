// Text from the wire: is it UTF-8, and how to show and keep it when it is not.

#include "mailhold/base/json.hpp"

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "utf8.hpp"

namespace mailhold {

namespace {

/// Characters that move the cursor, end the line or reorder what stands beside them.
bool unsafe_to_show(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

bool is_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Step step = utf8_step(text, at);
        if (!step.valid || step.character == 0)
            return false;
        at += step.bytes;
    }
    return true;
}

Json wire_name_to_json(std::string_view name)
{
    if (is_utf8(name))
        return Json(name);
    return Json::object({{"raw", to_base64(bytes_of(name))}});
}

std::string wire_name_from_json(const Json& json)
{
    if (json.is_string())
        return json.as_string();
    const auto raw = from_base64(json.at("raw").as_string());
    if (!raw)
        throw Error(ErrorKind::malformed, "a raw name is not base64");
    return std::string(text_of(*raw));
}

std::string printable(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Step step = utf8_step(text, at);
        const std::string_view piece = text.substr(at, step.bytes);
        if (step.valid && !unsafe_to_show(step.character)) {
            out += piece;
        } else {
            for (const char c : piece)
                fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
        }
        at += step.bytes;
    }
    return out;
}

}  // namespace mailhold
