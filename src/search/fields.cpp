// The table of fields.

#include "fields.hpp"

#include <algorithm>
#include <array>
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
