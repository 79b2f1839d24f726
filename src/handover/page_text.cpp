// Words and numbers of the dossier's pages.

#include "page_text.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

namespace mailhold::handover {

std::string grouped(std::uint64_t number)
{
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

std::string counted(std::uint64_t number, std::string_view noun)
{
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string day(std::int64_t seconds)
{
    const std::time_t time = seconds;
    std::tm parts{};
    if (seconds <= 0 || ::localtime_r(&time, &parts) == nullptr)
        return "unknown";
    return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string days_between(std::int64_t from, std::int64_t until)
{
    constexpr std::int64_t day_seconds = 24 * 3600;
    return counted(
        static_cast<std::uint64_t>(std::max<std::int64_t>(until - from, 0) / day_seconds), "day");
}

std::string_view kind_name(OfferKind kind)
{
    switch (kind) {
    case OfferKind::price_list:
        return "Price list";
    case OfferKind::proforma_invoice:
        return "Proforma invoice";
    case OfferKind::quotation:
        break;
    }
    return "Quotation";
}

std::string leaver_shown(const DossierSubject& about)
{
    return about.leaver_name.empty() ? about.leaver : about.leaver_name;
}

std::string joined(const std::vector<std::string>& parts)
{
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string short_names(const std::vector<std::string>& addresses)
{
    std::vector<std::string> names;
    for (const std::string& address : addresses)
        names.push_back(address.substr(0, address.find('@')));
    return joined(names);
}

bool has_several_successors(const DossierSubject& about)
{
    return about.successors.size() > 1;
}

std::string people_of(const DossierCustomer& customer)
{
    constexpr std::size_t named = 2;
    const auto& contacts = customer.known.contacts;
    std::vector<std::string> names;
    for (const search::Contact& contact : contacts)
        if (names.size() < named)
            names.push_back(contact.name.empty() ? contact.address : contact.name);
    std::string text = joined(names);
    if (contacts.size() > named)
        text += fmt::format(" and {} more", contacts.size() - named);
    return text;
}

std::string last_author_of(const DossierCustomer& customer)
{
    return customer.last_is_ours ? customer.last_author + " (we)" : customer.last_author;
}

std::vector<Figure> figures_of(const Dossier& dossier)
{
    std::size_t contacts = 0;
    for (const DossierCustomer& customer : dossier.customers)
        contacts += customer.known.contacts.size();
    const auto figure = [](std::uint64_t number, const char* one, const char* many) {
        return Figure{grouped(number), number == 1 ? one : many};
    };
    return {figure(dossier.messages, "letter", "letters"),
            figure(dossier.customers.size(), "customer", "customers"),
            figure(contacts, "contact", "contacts"),
            figure(dossier.waiting.size(), "thread waiting", "threads waiting"),
            figure(dossier.offers.size(), "quote or price list", "quotes and price lists")};
}

std::string taken_by(const DossierSubject& about, const Successor& successor)
{
    if (!has_several_successors(about))
        return successor.address;
    return fmt::format("{}: {}", successor.address,
                       successor.domains.empty() ? "all the rest" : joined(successor.domains));
}

std::vector<std::string> remarks_of(const Dossier& dossier)
{
    std::vector<std::string> remarks{
        "The last twelve months are those before the latest letter of this mailbox. A letter that "
        "lies in several folders counts once.",
        "Customers are people outside the company to whom we have written, by the domain of their "
        "address; suppliers are among them. The order is that of the mail exchanged in the last "
        "twelve months: first the smaller number of both directions counts, then the larger.",
        "A thread waits when its last letter came from a person outside and nobody of the company "
        "has answered in it since, as far as the archive of all accounts knows. A closing \"thank "
        "you\" looks the same; telephone calls and chats are not known here.",
        "Quotes, price lists and proforma invoices are letters of the last twelve months with "
        "attached files whose names, or the letter's subject, say so.",
        "Meetings, promises and agreements are not listed: they stand in the letters themselves."};
    if (dossier.unanswered_senders > 0)
        remarks.push_back(fmt::format(
            "Left out: {} to whom nobody has ever written (newsletters, notices, first letters).",
            counted(dossier.unanswered_senders, "sender")));
    if (dossier.waiting_longer > 0)
        remarks.push_back(fmt::format("Left out: {} from outside, over a year old, without answer.",
                                      counted(dossier.waiting_longer, "letter")));
    if (!dossier.threads_are_whole)
        remarks.push_back("There are more letters than could be followed: a thread listed as "
                          "waiting may have been answered.");
    return remarks;
}

std::string rest_of(std::size_t total, std::size_t shown, std::string_view where)
{
    return total > shown ? fmt::format("And {} more{}.", grouped(total - shown), where) : "";
}

}  // namespace mailhold::handover
