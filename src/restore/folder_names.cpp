// Names split into levels, renamed, and put below a prefix.

#include "folder_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::restore {

namespace {

bool is_inbox(std::string_view level)
{
    return lower_case(level) == "inbox";
}

/// Empty levels, as of "a//b" or a separator at the end, say nothing.
Levels split(std::string_view name, std::optional<char> separator)
{
    Levels levels;
    while (!name.empty()) {
        const std::size_t end = separator ? name.find(*separator) : name.npos;
        if (end != 0)
            levels.emplace_back(name.substr(0, end));
        name.remove_prefix(end == name.npos ? name.size() : end + 1);
    }
    if (!levels.empty() && is_inbox(levels.front()))
        levels.front() = "INBOX";
    return levels;
}

Levels named(std::string_view name)
{
    Levels levels = split(name, '/');
    if (levels.empty())
        throw Error(ErrorKind::usage, fmt::format("'{}' is no folder's name", printable(name)));
    return levels;
}

bool begins_with(const Levels& levels, const Levels& start)
{
    return levels.size() >= start.size() && std::equal(start.begin(), start.end(), levels.begin());
}

/// Some servers put all folders below the inbox ("INBOX.Sent"): that level is theirs, not the
/// person's.
bool all_lie_below_inbox(const std::vector<catalog::FolderRow>& folders)
{
    bool any_below = false;
    for (const catalog::FolderRow& folder : folders) {
        const Levels levels = split(folder.name, folder.separator);
        if (levels.empty() || folder.gone)
            continue;
        if (levels.front() != "INBOX")
            return false;
        any_below = any_below || levels.size() > 1;
    }
    return any_below;
}

}  // namespace

std::string joined(const Levels& levels)
{
    return fmt::format("{}", fmt::join(levels, "/"));
}

FolderNames::FolderNames(const std::vector<catalog::FolderRow>& folders, const Naming& naming)
    : all_below_inbox_(all_lie_below_inbox(folders)), prefix_(split(naming.prefix, '/'))
{
    for (const auto& [from, to] : naming.renamed) {
        renamed_.push_back({.from = named(from), .to = named(to)});
        const Levels& old = renamed_.back().from;
        if (std::ranges::none_of(folders, [&](const catalog::FolderRow& folder) {
                return begins_with(levels_of(folder), old);
            }))
            throw Error(ErrorKind::not_found,
                        fmt::format("no folder is called '{}'", printable(from)),
                        "`mailhold folders ADDRESS` lists them; write '/' between levels");
    }
    std::ranges::stable_sort(
        renamed_, [](const Renamed& a, const Renamed& b) { return a.from.size() > b.from.size(); });
}

Levels FolderNames::levels_of(const catalog::FolderRow& folder) const
{
    Levels levels = split(folder.name, folder.separator);
    if (levels.empty())
        return {"INBOX"};
    if (all_below_inbox_ && levels.size() > 1)
        levels.erase(levels.begin());
    return levels;
}

const FolderNames::Renamed* FolderNames::renamed(const Levels& levels) const
{
    const auto found = std::ranges::find_if(
        renamed_, [&](const Renamed& rename) { return begins_with(levels, rename.from); });
    return found == renamed_.end() ? nullptr : &*found;
}

deliver::UploadFolder FolderNames::target_of(const catalog::FolderRow& folder) const
{
    const Levels own = levels_of(folder);
    deliver::UploadFolder target{.levels = prefix_, .use = {}};
    const Renamed* rename = renamed(own);
    std::size_t kept_from = 0;
    if (rename) {
        target.levels.insert(target.levels.end(), rename->to.begin(), rename->to.end());
        kept_from = rename->from.size();
    } else if (prefix_.empty()) {
        target.use = folder.use;
    }
    target.levels.insert(target.levels.end(), own.begin() + static_cast<std::ptrdiff_t>(kept_from),
                         own.end());
    return target;
}

}  // namespace mailhold::restore
