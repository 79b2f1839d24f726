#pragma once
// A JSON value as the journal, the root log and --json use it: objects keep their order, integers
// are exact.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mailhold {

class Json {
public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    Json() = default;
    Json(std::nullptr_t) {}
    Json(bool value) : value_(value) {}
    Json(std::int64_t value) : value_(value) {}
    Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
    Json(int value) : value_(static_cast<std::int64_t>(value)) {}
    Json(unsigned value) : value_(static_cast<std::int64_t>(value)) {}
    Json(double value) : value_(value) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(std::string_view value) : value_(std::string(value)) {}
    Json(const char* value) : value_(std::string(value)) {}
    Json(Array value) : value_(std::move(value)) {}
    Json(Object value) : value_(std::move(value)) {}

    static Json object(std::initializer_list<Member> members) { return Json(Object(members)); }
    static Json array() { return Json(Array{}); }

    /// Parses exactly one value. Throws malformed on bad syntax, invalid UTF-8, duplicate keys,
    /// integers outside ±2^53, or nesting deeper than 32.
    static Json parse(std::string_view text);

    /// One line, no spaces. Invalid UTF-8 in strings becomes U+FFFD, so that a raw name never stops
    /// a report.
    std::string dump() const;
    /// The same with two-space indentation.
    std::string dump_pretty() const;
    void dump_to(std::string& out) const;

    bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
    bool is_string() const { return std::holds_alternative<std::string>(value_); }
    bool is_object() const { return std::holds_alternative<Object>(value_); }
    bool is_array() const { return std::holds_alternative<Array>(value_); }

    // Typed access; each throws malformed when the type is another.
    bool as_bool() const;
    std::int64_t as_integer() const;
    std::uint64_t as_unsigned() const;  ///< also throws when negative
    const std::string& as_string() const;
    const Array& as_array() const;
    const Object& as_object() const;

    /// Member of an object, nullptr when absent.
    const Json* find(std::string_view key) const;
    /// Member of an object; throws malformed naming the key when absent.
    const Json& at(std::string_view key) const;

    /// Adds a member to an object (a null value becomes one) without looking for an earlier one.
    void set(std::string key, Json value);
    /// Adds an element to an array (a null value becomes one).
    void push_back(Json value);

    bool operator==(const Json&) const = default;

private:
    friend class JsonWriter;

    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

/// True for well-formed UTF-8 without NUL.
bool is_utf8(std::string_view text);

/// A name from the wire: text where it is UTF-8, else {"raw": base64} (docs/format.md, Journal);
/// and back.
Json wire_name_to_json(std::string_view name);
std::string wire_name_from_json(const Json& json);

/// For people: invalid UTF-8 and control characters as \xNN.
std::string printable(std::string_view text);

}  // namespace mailhold
