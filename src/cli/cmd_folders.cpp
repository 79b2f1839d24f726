// mailhold folders: one account's folder tree with counts.

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

#include "commands.hpp"
#include "lookup.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

struct FoldersOptions {
    std::string address;
    std::string as_of;
};

struct FolderLine {
    catalog::FolderRow folder;
    catalog::FolderCounts counts;
};

catalog::FolderCounts counts_of(const catalog::Catalog& catalog, const catalog::FolderKey& folder,
                                const std::optional<Time>& at)
{
    return at ? catalog.counts_at(folder, *at) : catalog.counts(folder);
}

std::vector<FolderLine> collect(const catalog::Catalog& catalog, const catalog::AccountRow& account,
                                const std::optional<Time>& at)
{
    std::vector<FolderLine> lines;
    const auto folders = at ? catalog.folders_at(account.id, *at) : catalog.folders(account.id);
    for (const catalog::FolderRow& folder : folders)
        lines.push_back({folder, counts_of(catalog, folder.key, at)});
    std::stable_sort(lines.begin(), lines.end(), [](const FolderLine& a, const FolderLine& b) {
        return std::pair(a.folder.name != "INBOX", a.folder.name) <
               std::pair(b.folder.name != "INBOX", b.folder.name);
    });
    return lines;
}

Json lines_json(const std::vector<FolderLine>& lines)
{
    Json folders = Json::array();
    for (const FolderLine& line : lines)
        folders.push_back(
            Json::object({{"name", line.folder.name},
                          {"messages", line.counts.messages},
                          {"gone", line.counts.gone},
                          {"uidvalidity", static_cast<std::uint32_t>(line.folder.uid_validity)},
                          {"use", line.folder.use},
                          {"on_server", !line.folder.gone && !line.folder.is_imported()},
                          {"imported", line.folder.is_imported()}}));
    return Json::object({{"folders", std::move(folders)}});
}

Table::Cell remark_of(const catalog::FolderRow& folder)
{
    if (folder.is_imported())
        return {"imported", Style::dim};
    return {folder.gone ? "no longer on the server" : "", Style::warning};
}

/// The tree: a folder is indented below its parent and shows its own last level.
std::string indented_name(const catalog::FolderRow& folder)
{
    if (!folder.separator)
        return printable(folder.name);
    const auto depth = std::count(folder.name.begin(), folder.name.end(), *folder.separator);
    const auto last = folder.name.rfind(*folder.separator);
    const std::string_view leaf =
        last == std::string::npos ? folder.name : std::string_view(folder.name).substr(last + 1);
    return std::string(static_cast<std::size_t>(depth) * 2, ' ') + printable(leaf);
}

void run_folders(const FoldersOptions& options, Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const catalog::AccountRow account = find_account(*ledger, options.address);
    const auto at =
        options.as_of.empty() ? std::nullopt : std::optional(parse_user_time(options.as_of));
    const std::vector<FolderLine> lines = collect(ledger->catalog(), account, at);
    if (session.options.json) {
        session.print_json(lines_json(lines));
        return;
    }
    using enum Table::Align;
    Table table(
        {{"folder", left}, {"messages", right}, {"kept, gone from server", right}, {"", left}});
    for (const FolderLine& line : lines)
        table.add({{indented_name(line.folder)},
                   {with_thousands(line.counts.messages)},
                   {with_thousands(line.counts.gone)},
                   remark_of(line.folder)});
    session.out << table.str();
}

}  // namespace

void add_folders_command(const Command& app, Session& session)
{
    auto options = std::make_shared<FoldersOptions>();
    const Command command = app.add_command("folders", "One account's folder tree with counts");
    command.add_option("address", options->address, "Account").required();
    command.add_option("--as-of", options->as_of,
                       "As it stood then: 2026-03-09, 2026-03-09T08:00, yesterday");
    command.footer(help_footer("mailhold folders alice@company.example --as-of yesterday",
                               "0 done, 2 usage, 10 no such account in the vault"));
    command.runs([options, &session] { run_folders(*options, session); });
}

}  // namespace mailhold::cli
