// Which folder on the server is which folder in the catalog.

#include "folder_match.hpp"

#include <algorithm>
#include <array>

namespace mailhold::harvest {
namespace {

bool fits(std::string_view text, std::string_view pattern)
{
    // Iterative globbing: on a mismatch go back to the last '*' and let it take one character more.
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++t;
            ++p;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_text = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool is_inbox(std::string_view name)
{
    static constexpr std::string_view inbox = "INBOX";
    return std::equal(name.begin(), name.end(), inbox.begin(), inbox.end(), [](char a, char b) {
        return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b;
    });
}

}  // namespace

MatchResult match_folders(const std::vector<ServerFolder>& server,
                          const std::vector<catalog::FolderRow>& rows,
                          const SameContent& same_content)
{
    std::vector<const catalog::FolderRow*> open;
    for (const auto& row : rows)
        if (!row.gone)
            open.push_back(&row);

    MatchResult result;
    const auto take = [&](FolderMatch& match, auto fits_row) {
        const auto found = std::find_if(open.begin(), open.end(), fits_row);
        if (found == open.end())
            return;
        match.row = **found;
        open.erase(found);
    };

    for (std::size_t i = 0; i < server.size(); ++i) {
        FolderMatch match{.server_index = i, .row = {}, .renamed = false};
        take(match, [&](const catalog::FolderRow* row) {
            return row->name == server[i].listed.name &&
                   row->uid_validity == server[i].uid_validity;
        });
        result.matches.push_back(std::move(match));
    }
    for (FolderMatch& match : result.matches) {
        if (match.row)
            continue;
        const ServerFolder& folder = server[match.server_index];
        take(match, [&](const catalog::FolderRow* row) {
            return row->uid_validity == folder.uid_validity && same_content(folder, *row);
        });
        match.renamed = match.row.has_value();
    }
    for (const catalog::FolderRow* row : open)
        result.gone.push_back(*row);
    return result;
}

bool is_excluded(std::string_view name, const std::vector<std::string>& patterns)
{
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return fits(name, pattern) || (is_inbox(name) && is_inbox(pattern));
    });
}

std::string special_use(const imap::ListedFolder& folder)
{
    static constexpr std::array<std::string_view, 8> uses{"\\all",     "\\archive",  "\\drafts",
                                                          "\\flagged", "\\junk",     "\\sent",
                                                          "\\trash",   "\\important"};
    for (std::string_view use : uses)
        if (folder.attributes.contains(std::string(use)))
            return std::string(use);
    return {};
}

}  // namespace mailhold::harvest
