// What is read and how stands in mail/outlook_file.hpp; here items become messages of folders.

#include "outlook_reader.hpp"

#include <fmt/format.h>

#include "mailhold/mail/outlook_file.hpp"

#include "file_kind.hpp"

namespace mailhold::import_export {

namespace {

using mail::OutlookItem;

FolderName folder_name(const OutlookItem& item, const FileContext& context, bool is_alone)
{
    std::vector<std::string> levels = item.folders;
    if (levels.empty())
        return context.folder;
    if (!is_alone)
        levels.insert(levels.begin(), context.folder.name);
    return folder_of_levels(std::move(levels));
}

/// Which item, and what of it.
std::string described(const OutlookItem& item)
{
    std::string where = joined(item.folders);
    if (!item.name.empty())
        where += fmt::format("{}\"{}\"", where.empty() ? "" : ", ", item.name);
    return fmt::format("{}: {} (a copy of the file may be mended by Outlook's scanpst.exe)", where,
                       item.trouble);
}

}  // namespace

void read_outlook(const std::filesystem::path& file, const FileContext& context, bool is_alone,
                  TreeSink& sink)
{
    mail::OutlookFile outlook(file, {.message_bytes = max_message_bytes});
    if (!outlook.trouble().empty())
        sink.failed({context.file}, outlook.trouble());
    while (auto item = outlook.next()) {
        if (!item->trouble.empty())
            sink.failed({context.file}, described(*item));
        if (item->kind == OutlookItem::Kind::other_item)
            sink.passed_over_item();
        if (item->kind == OutlookItem::Kind::message)
            sink.message({.from = {context.file},
                          .folder = folder_name(*item, context, is_alone),
                          .flags = std::move(item->flags),
                          .date = item->date,
                          .raw = std::move(item->raw)});
    }
}

}  // namespace mailhold::import_export
