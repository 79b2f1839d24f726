// JSON text in, through nlohmann's SAX parser, which checks syntax and UTF-8; the rest of our rules
// are here.

#include "mailhold/base/json.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mailhold/base/error.hpp"

namespace mailhold {

namespace {

constexpr std::size_t max_depth = 32;
constexpr std::int64_t max_integer = std::int64_t{1} << 53;

[[noreturn]] void fail(std::string_view why)
{
    throw Error(ErrorKind::malformed, fmt::format("bad JSON: {}", why));
}

void refuse_duplicate_keys(const Json::Object& object)
{
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const Json::Member& member : object)
        keys.push_back(member.first);
    std::sort(keys.begin(), keys.end());
    if (const auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end())
        fail(fmt::format("key \"{}\" occurs twice", printable(twice->substr(0, 100))));
}

/// Builds a Json from parser events. An open array or object waits in `open_` until its end.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    Json take() { return std::move(root_); }

    bool null() override { return add(Json()); }
    bool boolean(bool value) override { return add(Json(value)); }

    bool number_integer(std::int64_t value) override
    {
        if (value < -max_integer)
            fail("integer out of range");
        return add(Json(value));
    }

    bool number_unsigned(std::uint64_t value) override
    {
        if (value > static_cast<std::uint64_t>(max_integer))
            fail("integer out of range");
        return add(Json(value));
    }

    bool number_float(double value, const std::string& text) override
    {
        // nlohmann hands over integers that fit no 64 bits as floating point.
        if (text.find_first_of(".eE") == std::string::npos)
            fail("integer out of range");
        return add(Json(value));
    }

    bool string(std::string& value) override { return add(Json(std::move(value))); }
    bool binary(nlohmann::json::binary_t&) override { fail("binary value"); }

    bool key(std::string& value) override
    {
        open_.back().key = std::move(value);
        return true;
    }

    bool start_object(std::size_t) override { return open(Json::Object{}); }
    bool start_array(std::size_t) override { return open(Json::Array{}); }

    bool end_object() override
    {
        refuse_duplicate_keys(open_.back().value.as_object());
        return close();
    }

    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception&) override
    {
        // nlohmann's own text quotes the input, which may be mail.
        fail(fmt::format("syntax error at byte {}", position));
    }

private:
    struct Open {
        Json value;
        std::string key;
    };

    bool open(Json empty)
    {
        if (open_.size() == max_depth)
            fail("nested too deeply");
        open_.push_back({std::move(empty), {}});
        return true;
    }

    bool close()
    {
        Json done = std::move(open_.back().value);
        open_.pop_back();
        return add(std::move(done));
    }

    bool add(Json value)
    {
        if (open_.empty())
            root_ = std::move(value);
        else if (open_.back().value.is_array())
            open_.back().value.push_back(std::move(value));
        else
            open_.back().value.set(std::move(open_.back().key), std::move(value));
        return true;
    }

    Json root_;
    std::vector<Open> open_;
};

}  // namespace

Json Json::parse(std::string_view text)
{
    if (text.starts_with("\xef\xbb\xbf"))
        fail("byte order mark");  // nlohmann would skip it
    if (text.find('\0') != std::string_view::npos)
        fail("NUL byte");  // nlohmann would take it for the end
    Builder builder;
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    return builder.take();
}

}  // namespace mailhold
