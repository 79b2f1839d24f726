// Rules of docs/import.md, What is read.

#include "file_kind.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "mailhold/archive/unpack.hpp"
#include "mailhold/base/ascii.hpp"

#include "maildir_names.hpp"
#include "status_headers.hpp"

namespace mailhold::import_export {

namespace {

constexpr char level_separator = '/';
constexpr std::string_view default_folder = "Imported";
constexpr std::string_view compound_file_magic = "\xd0\xcf\x11\xe0";
constexpr std::string_view outlook_magic = "!BDN";

std::vector<std::string> levels_of(std::string_view path)
{
    std::vector<std::string> levels;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        levels.emplace_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return levels;
}

/// A name without one of these endings, in whatever case it is written.
std::string without_ending(const std::string& name, std::initializer_list<std::string_view> endings)
{
    const std::string lower = lower_case(name);
    for (const std::string_view ending : endings)
        if (lower.size() > ending.size() && lower.ends_with(ending))
            return name.substr(0, name.size() - ending.size());
    return name;
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings)
{
    return std::ranges::any_of(endings, [&](std::string_view e) { return name.ends_with(e); });
}

/// As MH names its messages, and exports of it: "12", "12.".
bool is_numbered(std::string_view name)
{
    if (name.ends_with('.'))
        name.remove_suffix(1);
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_mbox_format(ImportFormat format)
{
    return format != ImportFormat::automatic && format != ImportFormat::eml;
}

/// Kinds that a name alone tells; nothing where it does not.
FileKind kind_by_name(const std::vector<std::string>& levels, std::string_view name)
{
    if (name.ends_with(".partial.emlx"))
        return FileKind::partial_emlx;
    if (name.ends_with(".emlx"))
        return FileKind::emlx;
    if (name.ends_with(".eml"))
        return FileKind::message;
    if (ends_with_any(name, {".pst", ".ost"}))
        return FileKind::outlook;
    const std::string_view parent =
        levels.size() > 1 ? std::string_view(levels[levels.size() - 2]) : "";
    return parent == "cur" || parent == "new" ? FileKind::maildir : FileKind::nothing;
}

/// The levels of the folders that a file lies in, as its format names folders.
std::vector<std::string> folder_levels(FileKind kind, std::vector<std::string> folders)
{
    if (kind == FileKind::maildir)
        folders.pop_back();  // cur or new
    std::vector<std::string> levels;
    for (const std::string& folder : folders) {
        if (kind == FileKind::emlx &&
            (folder == "Messages" || folder == "Data" || is_numbered(folder)))
            continue;
        if (kind == FileKind::maildir && folder.size() > 1 && folder.starts_with('.')) {
            std::ranges::move(maildir_plus_levels(folder), std::back_inserter(levels));
            continue;
        }
        levels.push_back(without_ending(folder, {".mbox", ".sbd"}));
    }
    return levels;
}

/// Apple Mail puts folders named by a random id between a mailbox and its messages.
void remove_apple_ids(std::vector<std::string>& levels)
{
    std::erase_if(levels, [](const std::string& level) {
        return level.size() == 36 && std::ranges::count(level, '-') == 4 &&
               level.find_first_not_of("0123456789ABCDEFabcdef-") == std::string::npos;
    });
}

FileKind kind_by_start(std::string_view start, const std::vector<std::string>& levels,
                       const std::string& name, bool is_alone)
{
    if (start.starts_with("From "))
        return FileKind::mbox;
    if (archive::looks_packed(bytes_of(start)))
        return FileKind::packed;
    if (start.starts_with(outlook_magic))
        return FileKind::outlook;
    const bool is_half_delivered = levels.size() > 1 && levels[levels.size() - 2] == "tmp";
    if (is_half_delivered)
        return FileKind::nothing;
    if (looks_like_mail(start) || ((is_alone || is_numbered(name)) && begins_with_field(start)))
        return FileKind::message;
    if (name.ends_with(".msg") && start.starts_with(compound_file_magic))
        return FileKind::outlook_message;
    return FileKind::nothing;
}

/// Of a folder whose files do not say.
std::string usual_name(FileKind kind, const std::string& chosen)
{
    if (!chosen.empty())
        return chosen;
    return kind == FileKind::maildir ? "INBOX" : std::string(default_folder);
}

}  // namespace

FileKind kind_of(std::string_view path, std::string_view start, ImportFormat format, bool is_alone)
{
    const std::vector<std::string> levels = levels_of(path);
    const std::string name = levels.empty() ? std::string() : lower_case(levels.back());
    if (is_alone && is_mbox_format(format))
        return FileKind::mbox;
    if (is_alone && format == ImportFormat::eml)
        return FileKind::message;
    if (const FileKind kind = kind_by_name(levels, name); kind != FileKind::nothing)
        return kind;
    return kind_by_start(start, levels, name, is_alone);
}

FolderName folder_of(FileKind kind, std::string_view path, const std::string& chosen)
{
    std::vector<std::string> levels = levels_of(path);
    const std::string file = levels.empty() ? std::string() : levels.back();
    if (!levels.empty())
        levels.pop_back();
    const bool lies_in_folder = levels.size() > (kind == FileKind::maildir ? 1U : 0U);
    levels = folder_levels(kind, std::move(levels));
    if (kind == FileKind::emlx)
        remove_apple_ids(levels);
    // A folder X.mbox holds its mail in a file "mbox".
    const bool is_named_by_file =
        kind == FileKind::outlook ||
        (kind == FileKind::mbox && (lower_case(file) != "mbox" || !lies_in_folder));
    if (is_named_by_file)
        levels.push_back(lies_in_folder || chosen.empty()
                             ? without_ending(file, {".mbox", ".mbx", ".pst", ".ost"})
                             : chosen);
    if (levels.empty() || joined(levels).empty())
        levels = {usual_name(kind, chosen)};
    return folder_of_levels(std::move(levels));
}

FolderName folder_of_levels(std::vector<std::string> levels)
{
    if (lower_case(levels.front()) == "inbox")
        levels.front() = "INBOX";  // RFC 3501 5.1: one name in whatever case
    return {joined(levels), level_separator};
}

std::string joined(const std::vector<std::string>& levels)
{
    std::string name;
    for (const std::string& level : levels)
        name += (name.empty() ? "" : "/") + level;
    return name;
}

}  // namespace mailhold::import_export
