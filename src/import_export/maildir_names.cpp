// D F P R S T as every Maildir program writes them, a to z as Dovecot does.

#include "maildir_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "mailhold/imap/utf7.hpp"

#include "status_headers.hpp"

namespace mailhold::import_export {

namespace {

constexpr std::array<std::pair<char, std::string_view>, 6> system_letters = {{{'D', "\\Draft"},
                                                                              {'F', "\\Flagged"},
                                                                              {'P', "$Forwarded"},
                                                                              {'R', "\\Answered"},
                                                                              {'S', "\\Seen"},
                                                                              {'T', "\\Deleted"}}};

constexpr unsigned max_keywords = 26;

}  // namespace

KeywordLetters parse_dovecot_keywords(std::string_view text)
{
    KeywordLetters letters;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        unsigned number = 0;
        const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), number);
        if (error != std::errc{} || number >= max_keywords)
            continue;
        const std::string_view keyword = line.substr(
            std::min<std::size_t>(static_cast<std::size_t>(rest - line.data()) + 1, line.size()));
        if (is_flag(keyword) && keyword.front() != '\\')
            letters[static_cast<char>('a' + number)] = keyword;
    }
    return letters;
}

Flags flags_of_maildir_name(std::string_view name, const KeywordLetters& keywords)
{
    Flags flags;
    const std::size_t info = name.rfind("2,");
    if (info == std::string_view::npos || info == 0 ||
        std::string_view(":;!").find(name[info - 1]) == std::string_view::npos)
        return flags;
    for (const char letter : name.substr(info + 2)) {
        const auto known =
            std::ranges::find(system_letters, letter, [](const auto& p) { return p.first; });
        if (known != system_letters.end())
            flags.emplace_back(known->second);
        else if (const auto keyword = keywords.find(letter); keyword != keywords.end())
            flags.push_back(keyword->second);
    }
    return normalised_flags(std::move(flags));
}

std::vector<std::string> maildir_plus_levels(std::string_view name)
{
    std::vector<std::string> levels;
    while (!name.empty()) {
        const std::size_t end = std::min(name.find('.'), name.size());
        if (end > 0) {
            const std::string_view level = name.substr(0, end);
            levels.push_back(imap::decode_modified_utf7(level).value_or(std::string(level)));
        }
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return levels;
}

}  // namespace mailhold::import_export
