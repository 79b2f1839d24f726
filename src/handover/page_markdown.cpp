// The dossier in Markdown. Everything that comes from mail goes through text().

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"

#include "page_text.hpp"
#include "pages.hpp"

namespace mailhold::handover {
namespace {

/// What is markup inside a line, at `at` of `plain`; of "https://" and "www." one character, so
/// that nothing becomes a link to click.
bool is_markup(std::string_view plain, std::size_t at)
{
    constexpr std::string_view special = "\\`*_[]<>#!|~&";
    const std::string_view rest = plain.substr(at);
    return special.find(plain[at]) != std::string_view::npos || rest.starts_with(":/") ||
           (plain[at] == '.' && lower_case(plain.substr(0, at)).ends_with("www"));
}

/// Literal in CommonMark within a line, also in a table's cell.
std::string text(std::string_view plain)
{
    std::string out;
    for (std::size_t at = 0; at < plain.size(); ++at) {
        if (is_markup(plain, at))
            out += '\\';
        const auto byte = static_cast<unsigned char>(plain[at]);
        out += byte < 0x20 || byte == 0x7f ? ' ' : plain[at];
    }
    return out;
}

std::string row(const std::vector<std::string>& cells)
{
    return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string head_of(const std::vector<std::string>& names)
{
    return "\n" + row(names) + row(std::vector<std::string>(names.size(), "---"));
}

/// A line below a table, where there is something to say.
std::string below(const std::string& line)
{
    return line.empty() ? "" : "\n" + line + "\n";
}

std::string in_out(std::uint64_t in, std::uint64_t out)
{
    return fmt::format("{} / {}", grouped(in), grouped(out));
}

/// A row's cells, with who takes it over where that has to be said.
std::vector<std::string> with_successor(const DossierSubject& about, std::vector<std::string> cells,
                                        std::string successor)
{
    if (has_several_successors(about))
        cells.push_back(std::move(successor));
    return cells;
}

std::string head(const Dossier& dossier)
{
    const DossierSubject& about = dossier.about;
    std::string out = fmt::format("# Handover dossier: {}\n\n- Mailbox: {}\n",
                                  text(leaver_shown(about)), text(about.leaver));
    for (const Successor& successor : about.successors)
        out += "- Successor: " + text(taken_by(about, successor)) + "\n";
    out += fmt::format("- Letters from {} to {}\n- Prepared {}{}\n", day(dossier.first),
                       day(dossier.last), day(static_cast<std::int64_t>(about.made)),
                       about.case_id.empty() ? "" : ", case " + text(about.case_id));
    for (const Figure& figure : figures_of(dossier))
        out += fmt::format("- **{}** {}\n", figure.number, figure.label);
    for (const std::string& note : about.notes)
        out += "\n> " + text(note) + "\n";
    return out;
}

std::string waiting(const Dossier& dossier)
{
    std::string out = "\n## Waiting for our answer\n";
    if (dossier.waiting.empty())
        return out + "\nNo thread waits.\n";
    out += head_of(
        with_successor(dossier.about, {"Since", "From", "Subject", "Letters"}, "Successor"));
    const std::size_t shown = std::min(dossier.waiting.size(), waiting_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const WaitingThread& thread = dossier.waiting[i];
        out += row(with_successor(dossier.about,
                                  {day(thread.since),
                                   text(thread.from_name + " <" + thread.from_address + ">"),
                                   text(thread.subject), grouped(thread.messages)},
                                  text(joined(thread.successors))));
    }
    return out + below(rest_of(dossier.waiting.size(), shown, ""));
}

std::string customers(const Dossier& dossier)
{
    std::string out = "\n## Customers\n\nLetters are counted from them / to them.\n";
    if (dossier.customers.empty())
        return out + "\nNobody outside the company has been written to.\n";
    out += head_of(with_successor(
        dossier.about,
        {"Customer", "People", "Last letter", "Written by", "Subject", "12 months", "In all"},
        "Successor"));
    const std::size_t shown = std::min(dossier.customers.size(), customers_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const DossierCustomer& customer = dossier.customers[i];
        const search::Contact& total = customer.known.total;
        out += row(
            with_successor(dossier.about,
                           {text(customer.known.name), text(people_of(customer)), day(total.last),
                            text(last_author_of(customer)), text(total.last_subject),
                            in_out(customer.last_year.from_them, customer.last_year.to_them),
                            in_out(total.from_them, total.to_them)},
                           text(joined(customer.successors))));
    }
    return out + below(rest_of(dossier.customers.size(), shown,
                               ", with all contacts in contacts.vcf and contacts.csv"));
}

std::string offers(const Dossier& dossier)
{
    std::string out = "\n## Quotes and price lists sent\n";
    if (dossier.offers.empty())
        return out + "\nNone was sent.\n";
    out += head_of({"Sent", "To", "Subject", "Files", "Kind"});
    const std::size_t shown = std::min(dossier.offers.size(), offers_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const SentOffer& offer = dossier.offers[i];
        out += row({day(offer.date), text(joined(offer.to)), text(offer.subject),
                    text(joined(offer.files)), std::string(kind_name(offer.kind))});
    }
    return out + below(rest_of(dossier.offers.size(), shown, ""));
}

std::string foot(const Dossier& dossier)
{
    std::string out = "\n## How to read this\n";
    for (const std::string& remark : remarks_of(dossier))
        out += "\n" + text(remark) + "\n";
    out += "\n## Signatures\n\nThe mailbox and the open matters above were handed over.\n\n";
    out += "- Handed over: " + text(leaver_shown(dossier.about)) + ", date and signature:\n";
    for (const Successor& successor : dossier.about.successors)
        out += "- Taken over: " + text(successor.address) + ", date and signature:\n";
    return out + "- Approved: management, date and signature:\n";
}

}  // namespace

std::string page_markdown(const Dossier& dossier)
{
    return head(dossier) + waiting(dossier) + customers(dossier) + offers(dossier) + foot(dossier);
}

}  // namespace mailhold::handover
