// Typed, strict access to a TOML table.

#include "table_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/config/units.hpp"
#include "suggest.hpp"

namespace mailhold::config {

namespace {

bool has_control_character(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

constexpr std::string_view secret_words[] = {"password", "passwort", "pass", "secret", "token"};

std::string hint_for_unknown(std::string_view key, std::span<const std::string_view> known)
{
    if (std::find(std::begin(secret_words), std::end(secret_words), key) != std::end(secret_words))
        return "secrets never stand in the config: use password_command or token_command, or store "
               "the password "
               "with `mailhold account set ADDRESS --password-stdin`";
    return suggestion(key, known);
}

}  // namespace

void fail_at(const std::filesystem::path& file, std::size_t line, std::string_view why,
             std::string hint)
{
    throw Error(ErrorKind::usage,
                fmt::format("{}:{}: {}", printable(file.native()), line, printable(why)),
                std::move(hint));
}

const toml::node* TableReader::find(std::string_view key)
{
    known_.push_back(key);
    return table_.get(key);
}

void TableReader::fail(std::string_view key, std::string_view why, std::string hint) const
{
    const toml::node* node = table_.get(key);
    fail_at(file_, node != nullptr ? node->source().begin.line : line(), why, std::move(hint));
}

void TableReader::wrong_type(std::string_view key, std::string_view wanted) const
{
    fail(key, fmt::format("{} must be {}", key, wanted), fmt::format("write {} = {}", key, [&] {
             if (wanted == "true or false")
                 return "true";
             if (wanted == "a whole number")
                 return "4";
             if (wanted == "a list of texts")
                 return "[\"Spam\", \"Trash*\"]";
             return "\"…\", in quotes";
         }()));
}

std::optional<std::string> TableReader::command(std::string_view key)
{
    const toml::node* node = find(key);
    if (node == nullptr)
        return std::nullopt;
    if (!node->is_string())
        wrong_type(key, "a text");
    std::string text = node->as_string()->get();
    if (text.find('\0') != text.npos)
        fail(key, fmt::format("{} contains a NUL character", key), "take it out");
    return text;
}

std::optional<std::string> TableReader::text(std::string_view key)
{
    auto text = command(key);
    if (text && has_control_character(*text))
        fail(key, fmt::format("{} contains a control character", key),
             "write it on one line, without tabs");
    return text;
}

std::optional<std::vector<std::string>> TableReader::texts(std::string_view key)
{
    const toml::node* node = find(key);
    if (node == nullptr)
        return std::nullopt;
    if (!node->is_array())
        wrong_type(key, "a list of texts");
    std::vector<std::string> texts;
    for (const toml::node& item : *node->as_array()) {
        if (!item.is_string())
            wrong_type(key, "a list of texts");
        texts.push_back(item.as_string()->get());
    }
    return texts;
}

std::optional<bool> TableReader::boolean(std::string_view key)
{
    const toml::node* node = find(key);
    if (node == nullptr)
        return std::nullopt;
    if (!node->is_boolean())
        wrong_type(key, "true or false");
    return node->as_boolean()->get();
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t least,
                                                 std::int64_t most)
{
    const toml::node* node = find(key);
    if (node == nullptr)
        return std::nullopt;
    if (!node->is_integer())
        wrong_type(key, "a whole number");
    const std::int64_t value = node->as_integer()->get();
    if (value < least || value > most)
        fail(key, fmt::format("{} = {} is out of range", key, value),
             fmt::format("{} is from {} to {}", key, least, most));
    return value;
}

std::optional<std::chrono::milliseconds> TableReader::duration(std::string_view key)
{
    using namespace std::chrono_literals;
    const auto written = text(key);
    if (!written)
        return std::nullopt;
    const auto value = parse_duration(*written);
    if (!value || *value < 10ms || *value > 24h)
        fail(key, fmt::format("{} = \"{}\" is not a usable duration", key, *written),
             "write a whole number and ms, s, m or h, from \"10ms\" to \"24h\"");
    return value;
}

std::optional<std::uint64_t> TableReader::size(std::string_view key, std::uint64_t least,
                                               std::uint64_t most)
{
    const auto written = text(key);
    if (!written)
        return std::nullopt;
    const auto value = parse_size(*written);
    if (!value || *value < least || *value > most)
        fail(key, fmt::format("{} = \"{}\" is not a usable size", key, *written),
             fmt::format("write a whole number and B, KiB, MiB or GiB, from \"{}\" to \"{}\"",
                         format_size(least), format_size(most)));
    return value;
}

const toml::table* TableReader::table(std::string_view key)
{
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table())
        fail(key, fmt::format("{} must be a table", key),
             fmt::format("write [{}] on a line of its own", key));
    return node == nullptr ? nullptr : node->as_table();
}

std::vector<const toml::table*> TableReader::tables(std::string_view key)
{
    std::vector<const toml::table*> tables;
    const toml::node* node = find(key);
    if (node == nullptr)
        return tables;
    const auto hint = fmt::format("write [[{}]] on a line of its own before each", key);
    if (!node->is_array())
        fail(key, fmt::format("{} must be a list of tables", key), hint);
    for (const toml::node& item : *node->as_array()) {
        if (!item.is_table())
            fail(key, fmt::format("{} must be a list of tables", key), hint);
        tables.push_back(item.as_table());
    }
    return tables;
}

void TableReader::refuse_other_keys() const
{
    const toml::key* first = nullptr;
    for (auto&& [key, value] : table_) {
        if (std::find(known_.begin(), known_.end(), key.str()) != known_.end())
            continue;
        if (first == nullptr || key.source().begin < first->source().begin)
            first = &key;
    }
    if (first != nullptr)
        fail_at(file_, first->source().begin.line, fmt::format("unknown key \"{}\"", first->str()),
                hint_for_unknown(first->str(), known_));
}

}  // namespace mailhold::config
