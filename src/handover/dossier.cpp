// Collects a dossier: who the customers are and how much they matter, who wrote last.

#include "mailhold/handover/dossier.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "offers.hpp"
#include "waiting.hpp"

namespace mailhold::handover {
namespace {

constexpr std::int64_t year_seconds = 365LL * 24 * 3600;

/// What was last heard of an address: from it or to it.
struct LastWord {
    std::int64_t date = 0;
    std::string author;
    bool is_ours = false;
};
using LastWords = std::unordered_map<std::string, LastWord>;

std::string shown_author(std::string_view correspondent)
{
    std::string name = search::name_in(correspondent);
    return name.empty() ? search::address_in(correspondent) : name;
}

LastWords last_words(const std::vector<index::Hit>& cards, const search::Company& company)
{
    LastWords words;
    const auto note = [&](const std::string& address, const index::Hit& hit, bool is_ours) {
        LastWord& word = words[address];
        if (word.author.empty() || hit.date >= word.date)
            word = {hit.date, shown_author(hit.card.from), is_ours};
    };
    for (const index::Hit& hit : cards) {
        const std::string from = search::address_in(hit.card.from);
        if (from.empty())
            continue;
        if (!company.owns(from)) {
            note(from, hit, false);
            continue;
        }
        for (const std::string& to : hit.card.to)
            if (const std::string address = search::address_in(to); !address.empty())
                note(address, hit, true);
    }
    return words;
}

/// Totals by customer of the messages that `wants` takes.
template <class Wants>
std::vector<search::Customer> customers_in(const std::vector<index::Hit>& cards,
                                           const search::Company& company, Wants wants)
{
    search::CustomerBook book(company);
    for (const index::Hit& hit : cards)
        if (wants(hit))
            book.add(hit);
    return book.take();
}

std::map<std::string, Exchanged> exchanged_since(const std::vector<index::Hit>& cards,
                                                 const search::Company& company, std::int64_t since)
{
    std::map<std::string, Exchanged> exchanged;
    for (const search::Customer& customer :
         customers_in(cards, company, [&](const index::Hit& hit) { return hit.date >= since; }))
        exchanged[customer.name] = {customer.total.from_them, customer.total.to_them};
    return exchanged;
}

void tell_last_author(DossierCustomer& customer, const LastWords& words)
{
    std::int64_t latest = 0;
    for (const search::Contact& contact : customer.known.contacts) {
        const auto found = words.find(contact.address);
        if (found == words.end() || (!customer.last_author.empty() && found->second.date < latest))
            continue;
        latest = found->second.date;
        customer.last_author = found->second.author;
        customer.last_is_ours = found->second.is_ours;
    }
}

/// What went both ways in the last year counts most: the smaller direction, then the larger one,
/// then the same of all years, then the latest contact.
auto importance(const DossierCustomer& customer)
{
    const Exchanged& year = customer.last_year;
    const search::Contact& total = customer.known.total;
    return std::tuple(std::min(year.from_them, year.to_them),
                      std::max(year.from_them, year.to_them),
                      std::min(total.from_them, total.to_them),
                      std::max(total.from_them, total.to_them), total.last);
}

void add_customers(Dossier& dossier, const std::vector<index::Hit>& cards,
                   const search::Company& company, std::int64_t since)
{
    const LastWords words = last_words(cards, company);
    const auto last_year = exchanged_since(cards, company, since);
    for (search::Customer& known :
         customers_in(cards, company, [](const index::Hit&) { return true; })) {
        std::erase_if(known.contacts,
                      [](const search::Contact& one) { return is_automatic(one.address); });
        if (known.total.to_them == 0 || known.contacts.empty()) {
            ++dossier.unanswered_senders;
            continue;
        }
        DossierCustomer customer{.known = std::move(known)};
        if (const auto found = last_year.find(customer.known.name); found != last_year.end())
            customer.last_year = found->second;
        tell_last_author(customer, words);
        customer.successors =
            successors_of(dossier.about.successors, customer.known.contacts.front().address);
        dossier.customers.push_back(std::move(customer));
    }
    std::ranges::stable_sort(dossier.customers, std::greater{}, importance);
}

void add_waiting(Dossier& dossier, const std::vector<index::Hit>& cards,
                 const search::Company& company, const index::Index& index, std::int64_t since)
{
    Waiting waiting = waiting_in(cards, company, index, since);
    dossier.waiting = std::move(waiting.threads);
    dossier.waiting_longer = waiting.longer;
    dossier.threads_are_whole = waiting.is_whole;
    std::unordered_map<std::string, bool> written_to;
    for (const DossierCustomer& customer : dossier.customers)
        for (const search::Contact& contact : customer.known.contacts)
            written_to[contact.address] = true;
    for (WaitingThread& thread : dossier.waiting) {
        thread.is_customer = written_to.contains(thread.from_address);
        thread.successors = successors_of(dossier.about.successors, thread.from_address);
    }
    std::stable_partition(dossier.waiting.begin(), dossier.waiting.end(),
                          [](const WaitingThread& thread) { return thread.is_customer; });
}

/// A sender's clock may be wrong, yet nothing was written after the dossier was made.
void settle_dates(Dossier& dossier, std::vector<index::Hit>& cards)
{
    const auto made = static_cast<std::int64_t>(dossier.about.made);
    for (index::Hit& hit : cards) {
        hit.date = std::min(hit.date, made);
        if (hit.date <= 0)
            continue;  // no date that means anything
        dossier.first = dossier.first == 0 ? hit.date : std::min(dossier.first, hit.date);
        dossier.last = std::max(dossier.last, hit.date);
    }
}

}  // namespace

Dossier dossier_of(DossierSubject about, std::vector<index::Hit> cards,
                   const search::Company& company, const index::Index& index)
{
    Dossier dossier{.about = std::move(about), .messages = cards.size()};
    settle_dates(dossier, cards);
    const std::int64_t since = dossier.last - year_seconds;
    add_customers(dossier, cards, company, since);
    add_waiting(dossier, cards, company, index, since);
    dossier.offers = offers_in(cards, dossier.about.leaver, company, since);
    return dossier;
}

}  // namespace mailhold::handover
