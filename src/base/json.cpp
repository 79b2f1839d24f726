// Typed access to JSON values, and writing them: by hand, because journals are written by the ten
// thousand lines and nlohmann's dump() throws on the raw names that servers send.

#include "mailhold/base/json.hpp"

#include <array>
#include <cmath>

#include <fmt/compile.h>
#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "utf8.hpp"

namespace mailhold {

namespace {

[[noreturn]] void wrong_type(std::string_view wanted)
{
    throw Error(ErrorKind::malformed, fmt::format("JSON value is not {}", wanted));
}

/// What a byte of a string needs on its way out.
enum class Care : std::uint8_t { none, escape, utf8 };

constexpr std::array<Care, 256> make_cares()
{
    std::array<Care, 256> cares{};
    for (std::size_t i = 0; i < cares.size(); ++i)
        cares[i] = i >= 0x80 ? Care::utf8 : i < 0x20 ? Care::escape : Care::none;
    cares['"'] = Care::escape;
    cares['\\'] = Care::escape;
    return cares;
}

constexpr auto cares = make_cares();

Care care_of(char c)
{
    return cares[static_cast<unsigned char>(c)];
}

void write_escaped(std::string& out, char c)
{
    switch (c) {
    case '"':
    case '\\':
        out += '\\';
        out += c;
        break;
    case '\n':
        out += "\\n";
        break;
    case '\r':
        out += "\\r";
        break;
    case '\t':
        out += "\\t";
        break;
    default:
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    }
}

void write_string(std::string& out, std::string_view text)
{
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && care_of(text[end]) == Care::none)
            ++end;
        out.append(text, at, end - at);
        at = end;
        if (at == text.size())
            break;
        if (care_of(text[at]) == Care::escape) {
            write_escaped(out, text[at++]);
            continue;
        }
        const Utf8Step step = utf8_step(text, at);
        out += step.valid ? text.substr(at, step.bytes) : std::string_view("\xef\xbf\xbd");
        at += step.bytes;
    }
    out += '"';
}

void write_double(std::string& out, double value)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    const std::size_t start = out.size();
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), value);
    if (out.find_first_of(".e", start) == std::string::npos)
        out += ".0";  // so that it is read back as the same type
}

}  // namespace

/// Writes values; with `pretty` each member stands on its own line, indented by its depth.
class JsonWriter {
public:
    JsonWriter(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

    void write(const Json& json) { std::visit(*this, json.value_); }

    void operator()(std::monostate) { out_ += "null"; }
    void operator()(bool value) { out_ += value ? "true" : "false"; }
    void operator()(double value) { write_double(out_, value); }
    void operator()(const std::string& value) { write_string(out_, value); }

    void operator()(std::int64_t value)
    {
        const fmt::format_int digits(value);
        out_.append(digits.data(), digits.size());
    }

    void operator()(const Json::Array& array)
    {
        write_list('[', ']', array, [this](const Json& item) { write(item); });
    }

    void operator()(const Json::Object& object)
    {
        write_list('{', '}', object, [this](const Json::Member& member) {
            write_string(out_, member.first);
            out_ += pretty_ ? ": " : ":";
            write(member.second);
        });
    }

private:
    template <class List, class WriteItem>
    void write_list(char open, char close, const List& list, WriteItem write_item)
    {
        out_ += open;
        ++depth_;
        bool first = true;
        for (const auto& item : list) {
            if (!first)
                out_ += ',';
            first = false;
            new_line();
            write_item(item);
        }
        --depth_;
        if (!list.empty())
            new_line();
        out_ += close;
    }

    void new_line()
    {
        if (!pretty_)
            return;
        out_ += '\n';
        out_.append(2 * depth_, ' ');
    }

    std::string& out_;
    bool pretty_;
    std::size_t depth_ = 0;
};

std::string Json::dump() const
{
    std::string out;
    dump_to(out);
    return out;
}

std::string Json::dump_pretty() const
{
    std::string out;
    JsonWriter(out, true).write(*this);
    return out;
}

void Json::dump_to(std::string& out) const
{
    JsonWriter(out, false).write(*this);
}

bool Json::as_bool() const
{
    if (const auto* value = std::get_if<bool>(&value_))
        return *value;
    wrong_type("true or false");
}

std::int64_t Json::as_integer() const
{
    if (const auto* value = std::get_if<std::int64_t>(&value_))
        return *value;
    wrong_type("an integer");
}

std::uint64_t Json::as_unsigned() const
{
    const std::int64_t value = as_integer();
    if (value < 0)
        wrong_type("a non-negative integer");
    return static_cast<std::uint64_t>(value);
}

const std::string& Json::as_string() const
{
    if (const auto* value = std::get_if<std::string>(&value_))
        return *value;
    wrong_type("a string");
}

const Json::Array& Json::as_array() const
{
    if (const auto* value = std::get_if<Array>(&value_))
        return *value;
    wrong_type("an array");
}

const Json::Object& Json::as_object() const
{
    if (const auto* value = std::get_if<Object>(&value_))
        return *value;
    wrong_type("an object");
}

const Json* Json::find(std::string_view key) const
{
    for (const Member& member : as_object())
        if (member.first == key)
            return &member.second;
    return nullptr;
}

const Json& Json::at(std::string_view key) const
{
    if (const Json* value = find(key))
        return *value;
    throw Error(ErrorKind::malformed, fmt::format("JSON object lacks \"{}\"", key));
}

void Json::set(std::string key, Json value)
{
    if (is_null())
        value_ = Object{};
    static_cast<void>(as_object());
    std::get<Object>(value_).emplace_back(std::move(key), std::move(value));
}

void Json::push_back(Json value)
{
    if (is_null())
        value_ = Array{};
    static_cast<void>(as_array());
    std::get<Array>(value_).push_back(std::move(value));
}

}  // namespace mailhold
