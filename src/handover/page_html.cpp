// The dossier as one HTML page. Everything that comes from mail goes through text().

#include <algorithm>

#include <fmt/format.h>

#include "page_style.hpp"
#include "page_text.hpp"
#include "pages.hpp"

namespace mailhold::handover {
namespace {

/// For elements and double-quoted attributes alike.
std::string text(std::string_view plain)
{
    std::string out;
    for (const char c : plain)
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
        }
    return out;
}

std::string small(std::string_view plain)
{
    return plain.empty() ? "" : "<small>" + text(plain) + "</small>";
}

std::string paragraph(std::string_view css_class, std::string_view plain)
{
    return plain.empty() ? "" : fmt::format("<p class=\"{}\">{}</p>\n", css_class, text(plain));
}

/// A table's head: names, those of numbers with a leading '#'.
std::string head_of(const std::vector<std::string_view>& names)
{
    std::string out = "<table><thead><tr>";
    for (const std::string_view name : names)
        out += name.starts_with('#') ? fmt::format("<th class=\"n\">{}</th>", name.substr(1))
                                     : fmt::format("<th>{}</th>", name);
    return out + "</tr></thead><tbody>\n";
}

std::string in_out(std::uint64_t in, std::uint64_t out)
{
    return fmt::format("<td class=\"n\">{} / {}</td>", grouped(in), grouped(out));
}

std::string head(const Dossier& dossier)
{
    const DossierSubject& about = dossier.about;
    std::vector<std::string> successors;
    for (const Successor& successor : about.successors)
        successors.push_back(successor.address);
    std::string rows;
    const auto row = [&](std::string_view name, const std::string& value) {
        rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, text(value));
    };
    row("Mailbox", about.leaver);
    row(successors.size() > 1 ? "Successors" : "Successor", joined(successors));
    for (const std::string& line : division_of(about))
        row("", line);
    row("Letters from", day(dossier.first) + " to " + day(dossier.last));
    row("Prepared", day(static_cast<std::int64_t>(about.made)) +
                        (about.case_id.empty() ? "" : ", case " + about.case_id));
    std::string figures;
    for (const Figure& figure : figures_of(dossier))
        figures += fmt::format("<li><b>{}</b><span>{}</span></li>", figure.number, figure.label);
    std::string notes;
    for (const std::string& note : about.notes)
        notes += paragraph("note", note);
    return fmt::format("<header><div class=\"kind\">Handover dossier</div>\n<h1>{}</h1>\n"
                       "<dl>\n{}</dl></header>\n<ul class=\"figures\">{}</ul>\n{}",
                       text(leaver_shown(about)), rows, figures, notes);
}

std::string waiting_row(const WaitingThread& thread, const DossierSubject& about)
{
    const std::string& from = thread.from_name.empty() ? thread.from_address : thread.from_name;
    std::string row = fmt::format(
        "<tr><td class=\"d\">{}<small class=\"days\">{}</small></td><td>{}{}</td><td>{}{}</td>",
        day(thread.since), days_between(thread.since, static_cast<std::int64_t>(about.made)),
        text(from), thread.from_name.empty() ? "" : small(thread.from_address),
        thread.subject.empty() ? "(no subject)" : text(thread.subject),
        thread.is_customer ? "" : small("nobody has written to them yet"));
    if (has_several_successors(about))
        row += "<td>" + text(joined(thread.successors)) + "</td>";
    return row + fmt::format("<td class=\"n\">{}</td></tr>\n", grouped(thread.messages));
}

std::string waiting(const Dossier& dossier)
{
    std::string out = "<h2>Waiting for our answer</h2>\n"
                      "<p>Threads of the last twelve months whose last letter is not ours; "
                      "customers first.</p>\n";
    if (dossier.waiting.empty())
        return out + paragraph("none", "No thread waits.");
    std::vector<std::string_view> names{"Since", "From", "Subject"};
    if (has_several_successors(dossier.about))
        names.push_back("Successor");
    names.push_back("#Letters");
    out += head_of(names);
    const std::size_t shown = std::min(dossier.waiting.size(), waiting_shown);
    for (std::size_t i = 0; i < shown; ++i)
        out += waiting_row(dossier.waiting[i], dossier.about);
    return out + "</tbody></table>\n" +
           paragraph("rest", rest_of(dossier.waiting.size(), shown, ""));
}

std::string customer_row(const DossierCustomer& customer, const DossierSubject& about)
{
    const search::Contact& total = customer.known.total;
    std::string row =
        fmt::format("<tr><td><b>{}</b>{}</td><td class=\"d\">{}<small>{}</small></td><td>{}</td>",
                    text(customer.known.name), small(people_of(customer)), day(total.last),
                    text(last_author_of(customer)), text(total.last_subject));
    if (has_several_successors(about))
        row += "<td>" + text(joined(customer.successors)) + "</td>";
    return row + in_out(customer.last_year.from_them, customer.last_year.to_them) +
           in_out(total.from_them, total.to_them) + "</tr>\n";
}

std::string customers(const Dossier& dossier)
{
    std::string out = "<h2>Customers</h2>\n<p>By the mail exchanged in the last twelve months; "
                      "letters from them / to them.</p>\n";
    if (dossier.customers.empty())
        return out + paragraph("none", "Nobody outside the company has been written to.");
    std::vector<std::string_view> names{"Customer", "Last letter", "Subject"};
    if (has_several_successors(dossier.about))
        names.push_back("Successor");
    names.insert(names.end(), {"#12 months", "#In all"});
    out += head_of(names);
    const std::size_t shown = std::min(dossier.customers.size(), customers_shown);
    for (std::size_t i = 0; i < shown; ++i)
        out += customer_row(dossier.customers[i], dossier.about);
    return out + "</tbody></table>\n" +
           paragraph("rest", rest_of(dossier.customers.size(), shown,
                                     ", with all contacts in contacts.vcf and contacts.csv"));
}

std::string offers(const Dossier& dossier)
{
    std::string out = "<h2>Quotes and price lists sent</h2>\n"
                      "<p>In the last twelve months, with their files; the latest first.</p>\n";
    if (dossier.offers.empty())
        return out + paragraph("none", "None was sent.");
    out += head_of({"Sent", "To", "Subject and files", "Kind"});
    const std::size_t shown = std::min(dossier.offers.size(), offers_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const SentOffer& offer = dossier.offers[i];
        out += fmt::format("<tr><td class=\"d\">{}</td><td>{}</td><td>{}{}</td><td>{}</td></tr>\n",
                           day(offer.date), text(joined(offer.to)), text(offer.subject),
                           small(joined(offer.files)), kind_name(offer.kind));
    }
    return out + "</tbody></table>\n" +
           paragraph("rest", rest_of(dossier.offers.size(), shown, ""));
}

std::string foot(const Dossier& dossier)
{
    std::string remarks;
    for (const std::string& remark : remarks_of(dossier))
        remarks += "<p>" + text(remark) + "</p>\n";
    const auto line = [](std::string_view who, std::string_view role) {
        return fmt::format("<span>{}<small>{}</small></span>\n", text(who), role);
    };
    std::string lines = line(leaver_shown(dossier.about), "handed over; date and signature");
    for (const Successor& successor : dossier.about.successors)
        lines += line(successor.address, "taken over; date and signature");
    lines += line("Management", "approved; date and signature");
    return fmt::format("<h2>How to read this</h2>\n<section class=\"remarks\">{}</section>\n"
                       "<section class=\"signatures\"><h2>Signatures</h2>\n"
                       "<p>The mailbox and the open matters above were handed over.</p>\n"
                       "<div>{}</div></section>\n"
                       "<footer>Made by mailhold from the company's mail archive. Confidential: "
                       "names customers and their letters.</footer>\n",
                       remarks, lines);
}

}  // namespace

std::string page_html(const Dossier& dossier)
{
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<title>Handover of {}</title>\n<style>{}</style></head>\n<body><main>\n{}{}{}{}{}"
        "</main></body></html>\n",
        text(leaver_shown(dossier.about)), page_style, head(dossier), waiting(dossier),
        customers(dossier), offers(dossier), foot(dossier));
}

}  // namespace mailhold::handover
