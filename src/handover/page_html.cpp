// The dossier as one HTML page. Everything that comes from mail goes through html_text().

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/html.hpp"

#include "page_style.hpp"
#include "page_text.hpp"
#include "pages.hpp"

namespace mailhold::handover {
namespace {

std::string small(std::string_view plain)
{
    return plain.empty() ? "" : "<small>" + html_text(plain) + "</small>";
}

std::string paragraph(std::string_view css_class, std::string_view plain)
{
    return plain.empty() ? ""
                         : fmt::format("<p class=\"{}\">{}</p>\n", css_class, html_text(plain));
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
    std::string rows;
    const auto row = [&](std::string_view name, const std::string& value) {
        rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, html_text(value));
    };
    row("Mailbox", about.leaver);
    for (const Successor& successor : about.successors)
        row(rows.find("Successor") == rows.npos ? "Successor" : "", taken_by(about, successor));
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
                       html_text(leaver_shown(about)), rows, figures, notes);
}

std::string waiting_row(const WaitingThread& thread, const DossierSubject& about)
{
    const std::string& from = thread.from_name.empty() ? thread.from_address : thread.from_name;
    std::string row = fmt::format(
        "<tr><td class=\"d\">{}<small class=\"days\">{}</small></td><td>{}{}</td><td>{}{}</td>",
        day(thread.since), days_between(thread.since, static_cast<std::int64_t>(about.made)),
        html_text(from), thread.from_name.empty() ? "" : small(thread.from_address),
        thread.subject.empty() ? "(no subject)" : html_text(thread.subject),
        thread.is_customer ? "" : small("nobody has written to them yet"));
    if (has_several_successors(about))
        row += "<td>" + html_text(short_names(thread.successors)) + "</td>";
    return row + fmt::format("<td class=\"n\">{}</td></tr>\n", grouped(thread.messages));
}

/// The first `shown` of them.
std::string waiting_table(const Dossier& dossier, std::size_t shown)
{
    if (dossier.waiting.empty())
        return paragraph("none", "No thread waits.");
    std::vector<std::string_view> names{"Since", "From", "Subject"};
    if (has_several_successors(dossier.about))
        names.push_back("Goes to");
    names.push_back("#Letters");
    std::string out = head_of(names);
    for (std::size_t i = 0; i < std::min(shown, dossier.waiting.size()); ++i)
        out += waiting_row(dossier.waiting[i], dossier.about);
    return out + "</tbody></table>\n";
}

std::string customer_row(const DossierCustomer& customer, const DossierSubject& about)
{
    const search::Contact& total = customer.known.total;
    std::string row =
        fmt::format("<tr><td class=\"d\">{}</td><td><b>{}</b>{}</td><td>{}<small>{}</small></td>",
                    day(total.last), html_text(customer.known.name), small(people_of(customer)),
                    html_text(total.last_subject), html_text(last_author_of(customer)));
    if (has_several_successors(about))
        row += "<td>" + html_text(short_names(customer.successors)) + "</td>";
    return row + in_out(customer.last_year.from_them, customer.last_year.to_them) +
           in_out(total.from_them, total.to_them) + "</tr>\n";
}

/// The first `shown` of them.
std::string customer_table(const Dossier& dossier, std::size_t shown)
{
    if (dossier.customers.empty())
        return paragraph("none", "Nobody outside the company has been written to.");
    std::vector<std::string_view> names{"Last letter", "Customer", "Subject, and who wrote"};
    if (has_several_successors(dossier.about))
        names.push_back("Goes to");
    names.insert(names.end(), {"#12 months", "#In all"});
    std::string out = head_of(names);
    for (std::size_t i = 0; i < std::min(shown, dossier.customers.size()); ++i)
        out += customer_row(dossier.customers[i], dossier.about);
    return out + "</tbody></table>\n";
}

std::string signatures(const DossierSubject& about)
{
    const auto line = [](std::string_view who, std::string_view role) {
        return fmt::format("<span>{}<small>{}</small></span>\n", html_text(who), role);
    };
    std::string lines = line(leaver_shown(about), "handed over; date and signature");
    for (const Successor& successor : about.successors)
        lines += line(successor.address, "took over; date and signature");
    lines += line("Management", "approved; date and signature");
    return "<section class=\"signatures\"><p>The mailbox and the open matters listed here were "
           "handed over.</p>\n<div>" +
           lines + "</div></section>\n";
}

/// The first page: what a manager signs.
std::string cover(const Dossier& dossier)
{
    return head(dossier) + "<h2>The most important customers</h2>\n" +
           customer_table(dossier, shown_on_cover) + "<h2>Waiting for our answer</h2>\n" +
           waiting_table(dossier, shown_on_cover) + signatures(dossier.about);
}

std::string waiting(const Dossier& dossier)
{
    return "<h2 class=\"lists\">All that waits for our answer</h2>\n"
           "<p>Threads of the last twelve months whose last letter is not ours; customers first, "
           "then the latest.</p>\n" +
           waiting_table(dossier, waiting_shown) +
           paragraph("rest", rest_of(dossier.waiting.size(), waiting_shown, ""));
}

std::string customers(const Dossier& dossier)
{
    return "<h2>Customers</h2>\n<p>By the mail exchanged in the last twelve months; letters from "
           "them / to them.</p>\n" +
           customer_table(dossier, customers_shown) +
           paragraph("rest", rest_of(dossier.customers.size(), customers_shown,
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
                           day(offer.date), html_text(joined(offer.to)), html_text(offer.subject),
                           small(joined(offer.files)), kind_name(offer.kind));
    }
    return out + "</tbody></table>\n" +
           paragraph("rest", rest_of(dossier.offers.size(), shown, ""));
}

std::string foot(const Dossier& dossier)
{
    std::string remarks;
    for (const std::string& remark : remarks_of(dossier))
        remarks += "<p>" + html_text(remark) + "</p>\n";
    return fmt::format("<h2>How to read this</h2>\n<section class=\"remarks\">{}</section>\n"
                       "<footer>Made by mailhold from the company's mail archive. Confidential: "
                       "names customers and their letters.</footer>\n",
                       remarks);
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
        html_text(leaver_shown(dossier.about)), page_style, cover(dossier), waiting(dossier),
        customers(dossier), offers(dossier), foot(dossier));
}

}  // namespace mailhold::handover
