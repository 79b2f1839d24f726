// The seam to toml++, and TOML's quoting.

#include "toml_text.hpp"

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "table_reader.hpp"

namespace mailhold::config {

toml::table parse_toml(std::string_view text, const std::filesystem::path& file)
{
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& e) {
        fail_at(file, e.source().begin.line, e.description(),
                "correct this line; the format is TOML, https://toml.io");
    }
}

std::string toml_quoted(std::string_view text)
{
    if (!text.empty() && !is_utf8(text))
        throw Error(ErrorKind::usage, fmt::format("not UTF-8: {}", printable(text)),
                    "the config file can hold UTF-8 text only");
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            fmt::format_to(std::back_inserter(out), "\\u{:04X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + '"';
}

std::string written(const FieldValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        return toml_quoted(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return fmt::format("{}", *number);
    if (const auto* yes = std::get_if<bool>(&value))
        return *yes ? "true" : "false";
    std::string list = "[";
    for (const std::string& item : std::get<std::vector<std::string>>(value))
        list += (list.size() > 1 ? ", " : "") + toml_quoted(item);
    return list + ']';
}

}  // namespace mailhold::config
