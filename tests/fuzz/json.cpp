// JSON: what is read is written and read again as the same.

#include "mailhold/base/json.hpp"
#include "mailhold/base/clock.hpp"
#include "mailhold/base/encoding.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

void try_names(std::string_view text)
{
    require(wire_name_from_json(wire_name_to_json(text)) == text, "a name from the wire survives");
    require(is_utf8(printable(text)), "what people see is UTF-8");
    if (const auto bytes = from_base64(text))
        require(to_base64(*bytes) == text, "base64 is canonical");
    if (const auto bytes = from_hex(text))
        require(to_hex(*bytes) == text, "hex is canonical");
}

void try_times(std::string_view text)
{
    if (const auto time = parse_utc(text))
        require(format_utc(*time) == text, "a time is written as it was read");
    if (const auto date = parse_rfc3339(text))
        require(parse_rfc3339(format_rfc3339(*date)) == date, "a date reads as it was written");
    accepted([&] { return parse_user_time(text); });
}

}  // namespace

void try_one(Bytes input)
{
    const std::string_view text = text_of(input);
    if (const auto json = accepted([&] { return Json::parse(text); })) {
        const std::string line = json->dump();
        require(is_utf8(line) && line.find('\n') == std::string::npos, "JSON is one line of UTF-8");
        require(Json::parse(line) == *json, "JSON reads as it was written");
        require(Json::parse(json->dump_pretty()) == *json, "so it does when indented");
    }
    try_names(text);
    try_times(text);
}

}  // namespace mailhold::fuzz
