// Results for people: two lines each, or three where the terminal is narrow.

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "mailhold/ledger/index_keeper.hpp"
#include "mailhold/search/customers.hpp"

#include "search_results.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::size_t who_columns = 22;
constexpr std::size_t place_columns = 40;
constexpr std::size_t shown_digits = 12;
/// Narrower than this beside the place, a snippet gets a line of its own.
constexpr std::size_t least_snippet_columns = 40;

std::string without_padding(std::string text)
{
    text.resize(text.find_last_not_of(' ') + 1);
    return text;
}

std::string cut(std::string_view text, std::size_t columns)
{
    return without_padding(fitted(text, columns));
}

/// Hits stand out: in bold, or between stars where there are no colours.
std::string marked(const search::Excerpt& excerpt)
{
    std::string out;
    std::size_t at = 0;
    for (const auto& [begin, end] : excerpt.hits) {
        const std::string hit = excerpt.text.substr(begin, end - begin);
        const std::string bold = styled(hit, Style::strong);
        out += excerpt.text.substr(at, begin - at);
        out += bold == hit ? '*' + hit + '*' : bold;
        at = end;
    }
    return out + excerpt.text.substr(at);
}

/// "2026-03-09".
std::string day(std::int64_t seconds)
{
    return human_time(Time{seconds}).substr(0, 10);
}

class Lines {
public:
    Lines(Finding& finding, const search::Resolved& resolved, std::ostream& out)
        : company_(search::company_of(finding.catalog())), resolved_(resolved),
          languages_(finding.languages()), columns_(output_columns()), out_(out)
    {
    }

    void print(const Result& result, std::string_view indent)
    {
        print_head(result, indent);
        std::string second = fmt::format(
            "{}{}  {}", indent, result.hit.id.hex().substr(0, shown_digits), place_of(result));
        if (result.snippet.text.empty()) {
            out_ << second << '\n';
            return;
        }
        const std::size_t width = columns_of(second) + 2;
        if (width + least_snippet_columns > columns_)
            second += fmt::format("\n{}  {}", indent, marked(result.snippet));
        else
            second += "  " + marked(narrower(result.snippet, columns_ - width));
        out_ << second << '\n';
    }

private:
    void print_head(const Result& result, std::string_view indent)
    {
        const std::string start = fmt::format("{}{}  {}  ", indent, day(result.hit.date),
                                              fitted(printable(who(result.hit.card)), who_columns));
        const std::string files = attachments(result.hit.card);
        const std::size_t left = columns_ > columns_of(start) ? columns_ - columns_of(start) : 0;
        const std::size_t for_files = files.empty() ? 0 : std::min(columns_of(files) + 2, left / 2);
        const search::Excerpt subject =
            search::excerpt_of(result.hit.card.subject, search::Part::subject, resolved_.words,
                               languages_, std::max<std::size_t>(left - for_files, 20));
        out_ << start << (subject.text.empty() ? "(no subject)" : marked(subject));
        if (for_files > 2)
            out_ << "  " << cut(files, for_files - 2);
        out_ << '\n';
    }

    /// The author; of our own mail whom it went to.
    std::string who(const index::Card& card) const
    {
        const auto short_name = [](const std::string& correspondent) {
            const std::string name = search::name_in(correspondent);
            return name.empty() ? correspondent : name;
        };
        if (!card.to.empty() && company_.owns(search::address_in(card.from)))
            return "\u2192 " + short_name(card.to.front());
        return card.from.empty() ? "(no sender)" : short_name(card.from);
    }

    static std::string attachments(const index::Card& card)
    {
        std::string names;
        for (const std::string& name : card.attachments)
            names += (names.empty() ? "" : ", ") + printable(name);
        return names.empty() ? names : "\U0001F4CE " + names;
    }

    static std::string place_of(const Result& result)
    {
        if (result.places.empty())
            return "(no folder)";
        const search::NamedPlacement& place = result.places.front();
        std::string text = printable(place.account + '/' + place.folder);
        if (columns_of(text) > place_columns)  // the folder says more than our own domain
            text = cut(
                printable(place.account.substr(0, place.account.find('@')) + '/' + place.folder),
                place_columns);
        if (result.places.size() > 1)
            text += fmt::format(" +{}", result.places.size() - 1);
        if (place.gone_since)
            text += ", gone since " + human_time(*place.gone_since).substr(0, 10);
        return text;
    }

    search::Excerpt narrower(const search::Excerpt& snippet, std::size_t columns) const
    {
        if (columns_of(snippet.text) <= columns)
            return snippet;
        return search::excerpt_of(snippet.text, search::Part::body, resolved_.words, languages_,
                                  columns);
    }

    search::Company company_;
    const search::Resolved& resolved_;
    const index::Languages& languages_;
    std::size_t columns_;
    std::ostream& out_;
};

void print_conversation(const std::vector<Result>& messages, Lines& lines, std::ostream& out)
{
    const auto found = std::ranges::count_if(messages, &Result::is_found);
    const std::string subject = printable(messages.front().hit.card.subject);
    out << styled(subject.empty() ? "(no subject)" : subject, Style::strong)
        << fmt::format("  ({}, {} found, {} to {})\n", counted(messages.size(), "message"), found,
                       day(messages.front().hit.date), day(messages.back().hit.date));
    for (const Result& message : messages)
        lines.print(message, message.is_found ? "* " : "  ");
    out << '\n';
}

void print_nothing(const ResultPage& page, const Finding& finding, std::ostream& out)
{
    const ledger::Searchable searched = ledger::searchable(finding.catalog());
    out << fmt::format("Nothing found in {} of {}.\n",
                       with_thousands(searched.messages - searched.waiting),
                       counted(searched.messages, "message"));
    if (page.suggestion)
        out << fmt::format("Did you mean: {}\n", printable(*page.suggestion));
    if (searched.waiting > 0)
        out << fmt::format("{} not searchable yet: `mailhold tidy` makes them so.\n",
                           with_thousands(searched.waiting));
}

void print_footer(const ResultPage& page, std::size_t shown, double seconds, std::ostream& out)
{
    const std::size_t last = page.first + shown;
    if (shown == 0)
        out << fmt::format("{} found; this page is behind the last.\n",
                           counted(page.total, "message"));
    else if (page.first == 0 && last == page.total)
        out << fmt::format("\n{} found ({:.0f} ms).\n", counted(page.total, "message"),
                           seconds * 1'000);
    else
        out << fmt::format("\n{} to {} of {} found ({:.0f} ms).{}\n", page.first + 1, last,
                           counted(page.total, "message"), seconds * 1'000,
                           last < page.total ? " More: --page N, --limit N" : "");
    if (!page.conversations_are_whole)
        out << "Some conversations are longer than shown.\n";
}

}  // namespace

std::size_t output_columns()
{
    constexpr std::size_t least = 60;
    constexpr std::size_t unknown = 120;
    winsize size{};
    if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
        size.ws_col == 0)
        return unknown;
    return std::max<std::size_t>(size.ws_col, least);
}

void print_results(const ResultPage& page, Finding& finding, const search::Resolved& resolved,
                   std::ostream& out)
{
    if (page.total == 0) {
        print_nothing(page, finding, out);
        return;
    }
    Lines lines(finding, resolved, out);
    for (const Result& result : page.results)
        if (page.conversations.empty())
            lines.print(result, "");
    for (const std::vector<Result>& conversation : page.conversations)
        print_conversation(conversation, lines, out);
    print_footer(page, page.results.size(), finding.seconds(), out);
}

}  // namespace mailhold::cli
