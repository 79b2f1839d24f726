// D F P R S T as every Maildir program knows them, a to z as Dovecot does.

#include "flag_letters.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"

namespace mailhold::deliver {

namespace {

constexpr std::size_t max_keywords = 26;

/// Names are compared without case (RFC 3501 2.3.2). $Forwarded has a letter and is a keyword too:
/// programs know the one or the other.
constexpr std::array<std::pair<std::string_view, char>, 6> system_letters = {{{"\\draft", 'D'},
                                                                              {"\\flagged", 'F'},
                                                                              {"$forwarded", 'P'},
                                                                              {"\\answered", 'R'},
                                                                              {"\\seen", 'S'},
                                                                              {"\\deleted", 'T'}}};

/// An atom that a line of the file can hold.
bool is_keyword(std::string_view flag)
{
    return !flag.empty() && flag.front() != '\\' &&
           std::ranges::all_of(flag, [](char c) { return c > ' ' && c != 0x7f; });
}

}  // namespace

std::string FlagLetters::letters_of(const Flags& flags)
{
    std::string letters;
    for (const std::string& flag : flags) {
        const auto known = std::ranges::find(system_letters, lower_case(flag),
                                             [](const auto& p) { return p.first; });
        if (known != system_letters.end())
            letters += known->second;
        if (is_keyword(flag))
            add_keyword(flag, letters);
    }
    std::ranges::sort(letters);
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    return letters;
}

void FlagLetters::add_keyword(const std::string& keyword, std::string& letters)
{
    auto at = std::ranges::find(keywords_, keyword);
    if (at == keywords_.end()) {
        if (keywords_.size() == max_keywords)
            return;
        at = keywords_.insert(at, keyword);
    }
    letters += static_cast<char>('a' + (at - keywords_.begin()));
}

std::string FlagLetters::keywords_file() const
{
    std::string out;
    for (std::size_t i = 0; i < keywords_.size(); ++i)
        out += fmt::format("{} {}\n", i, keywords_[i]);
    return out;
}

}  // namespace mailhold::deliver
