// The table of fields.

#include "fields.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

namespace mailhold::search {

namespace {

using index::Field;

constexpr std::array fields = {
    FieldInfo{"from", FieldKind::words, Field::from},
    FieldInfo{"to", FieldKind::words, Field::to},
    FieldInfo{"cc", FieldKind::words, Field::cc},
    FieldInfo{"bcc", FieldKind::words, Field::bcc},
    FieldInfo{"subject", FieldKind::words, Field::subject},
    FieldInfo{"body", FieldKind::words, Field::body},
    FieldInfo{"attachment", FieldKind::words, Field::attachment},
    FieldInfo{"filename", FieldKind::words, Field::file_name},
    FieldInfo{"list", FieldKind::words, Field::list},
    FieldInfo{"account", FieldKind::account},
    FieldInfo{"folder", FieldKind::folder},
    FieldInfo{"role", FieldKind::role},
    FieldInfo{"flag", FieldKind::flag},
    FieldInfo{"id", FieldKind::content_id},
    FieldInfo{"mid", FieldKind::message_id},
    FieldInfo{"has", FieldKind::has},
    FieldInfo{"is", FieldKind::is},
    FieldInfo{"date", FieldKind::date},
    FieldInfo{"after", FieldKind::after},
    FieldInfo{"before", FieldKind::before},
    FieldInfo{"larger", FieldKind::larger},
    FieldInfo{"smaller", FieldKind::smaller},
};

/// Other programs' names, and near words.
constexpr std::array<std::pair<std::string_view, std::string_view>, 26> elsewhere = {{
    {"sender", "from"},     {"author", "from"},    {"recipient", "to"},   {"receiver", "to"},
    {"title", "subject"},   {"text", "body"},      {"file", "filename"},  {"name", "filename"},
    {"mailbox", "account"}, {"user", "account"},   {"in", "folder"},      {"label", "folder"},
    {"path", "folder"},     {"maildir", "folder"}, {"tag", "flag"},       {"keyword", "flag"},
    {"since", "after"},     {"newer", "after"},    {"until", "before"},   {"older", "before"},
    {"bigger", "larger"},   {"size", "larger"},    {"message-id", "mid"}, {"messageid", "mid"},
    {"rfc822msgid", "mid"}, {"listid", "list"},
}};

}  // namespace

std::string lower_case(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// Levenshtein's, by bytes.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

const FieldInfo* find_field(std::string_view name)
{
    const std::string wanted = lower_case(name);
    const auto* found = std::ranges::find(fields, wanted, &FieldInfo::name);
    return found == fields.end() ? nullptr : found;
}

std::string_view nearest_field(std::string_view name)
{
    const std::string wanted = lower_case(name.substr(0, 32));
    for (const auto& [theirs, ours] : elsewhere)
        if (theirs == wanted)
            return ours;
    std::vector<std::string_view> names(fields.size());
    std::ranges::transform(fields, names.begin(), &FieldInfo::name);
    return nearest_word(wanted, names).value_or("");
}

std::string_view name_of(Field field)
{
    const auto* found = std::ranges::find(fields, std::optional(field), &FieldInfo::words);
    return found->name;
}

}  // namespace mailhold::search
