// Special uses, prefixes, separators, and what no name may hold.

#include "target_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/imap/utf7.hpp"

namespace mailhold::deliver {

namespace {

bool is_inbox(const std::string& name)
{
    return lower_case(name) == "inbox";
}

/// Bytes that are no text are not a name for people, nor one that IMAP can spell.
std::string spelt(const std::string& level, std::optional<char> separator)
{
    std::string name = is_utf8(level) ? level : printable(level);
    for (char& c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == separator)
            c = '_';
    return name;
}

/// What Gmail and Exchange refuse: '^', '*', '%', quotes, and blanks at the ends or several.
std::string plainer(const std::string& level)
{
    std::string name;
    for (const char c : level) {
        const bool odd = std::string_view("^*%\"\\&<>:|?").find(c) != std::string_view::npos;
        if (c == ' ' && (name.empty() || name.back() == ' '))
            continue;
        name += odd ? '_' : c;
    }
    while (name.ends_with(' ') || name.ends_with('.'))
        name.pop_back();
    return name.empty() ? "_" : name;
}

}  // namespace

TargetNames::TargetNames(std::vector<imap::ListedFolder> listed,
                         const std::vector<imap::Namespace>& namespaces)
    : listed_(std::move(listed))
{
    for (const imap::ListedFolder& folder : listed_)
        if (folder.separator && (!separator_ || is_inbox(folder.wire_name)))
            separator_ = folder.separator;
    if (namespaces.empty())
        return;
    prefix_ = namespaces.front().prefix;
    if (namespaces.front().separator)
        separator_ = namespaces.front().separator;
}

const imap::ListedFolder* TargetNames::find(const std::string& wire_name) const
{
    const auto found = std::ranges::find(listed_, wire_name, &imap::ListedFolder::wire_name);
    return found == listed_.end() ? nullptr : &*found;
}

const imap::ListedFolder* TargetNames::same_but_for_case(const std::string& wire_name) const
{
    const std::string lower = lower_case(wire_name);
    const auto found = std::ranges::find_if(listed_, [&](const imap::ListedFolder& folder) {
        return lower_case(folder.wire_name) == lower;
    });
    return found == listed_.end() ? nullptr : &*found;
}

FolderTarget TargetNames::named(const std::vector<std::string>& levels) const
{
    std::vector<std::string> spelt_levels;
    for (const std::string& level : levels)
        spelt_levels.push_back(spelt(level, separator_));
    const bool below_inbox = is_inbox(spelt_levels.front());
    if (below_inbox)
        spelt_levels.front() = "INBOX";
    const std::string between(1, separator_.value_or('-'));  // without levels, one flat name
    FolderTarget target;
    target.name = fmt::format("{}", fmt::join(spelt_levels, between));
    target.wire_name = imap::encode_modified_utf7(target.name);
    if (!below_inbox) {
        target.wire_name.insert(0, prefix_);
        target.name.insert(0, imap::decode_modified_utf7(prefix_).value_or(prefix_));
    }
    const imap::ListedFolder* listed = below_inbox && spelt_levels.size() == 1
                                           ? same_but_for_case("INBOX")
                                           : find(target.wire_name);
    target.exists = listed != nullptr && listed->selectable();
    if (listed && listed->status)
        target.messages_there = listed->status->messages.value_or(0);
    return target;
}

FolderTarget TargetNames::target_of(const UploadFolder& folder) const
{
    const bool is_special = !folder.use.empty() && folder.use != "\\all";
    const auto own = std::ranges::find_if(listed_, [&](const imap::ListedFolder& listed) {
        return is_special && listed.selectable() &&
               listed.attributes.contains(lower_case(folder.use));
    });
    if (own != listed_.end()) {
        FolderTarget target;
        target.name = own->name;
        target.wire_name = own->wire_name;
        target.exists = true;
        if (own->status)
            target.messages_there = own->status->messages.value_or(0);
        return target;
    }
    FolderTarget target = named(folder.levels);
    for (const std::string& level : folder.levels)
        if (spelt(level, separator_) != level)
            target.note = fmt::format("'{}' cannot be a folder's name there", printable(level));
    return target;
}

std::vector<FolderTarget> TargetNames::others_for(const UploadFolder& folder) const
{
    std::vector<std::vector<std::string>> attempts;
    attempts.emplace_back();
    for (const std::string& level : folder.levels)
        attempts.back().push_back(plainer(level));
    if (attempts.back() == folder.levels)
        attempts.clear();
    std::vector<std::string> beside = attempts.empty() ? folder.levels : attempts.back();
    beside.back() += " (mail)";
    attempts.push_back(std::move(beside));
    std::vector<FolderTarget> others;
    for (const std::vector<std::string>& levels : attempts)
        others.push_back(named(levels));
    return others;
}

}  // namespace mailhold::deliver
