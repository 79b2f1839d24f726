// Counts correspondents, one message after another, in whatever order they come.

#include "mailhold/search/customers.hpp"

#include <algorithm>
#include <array>

#include "fields.hpp"

namespace mailhold::search {

namespace {

/// Providers whose addresses end in any country's domain: "yahoo.co.jp", "gmx.at".
constexpr std::array<std::string_view, 8> provider_names{"yahoo",   "gmx",    "hotmail", "live",
                                                         "outlook", "yandex", "ymail",   "aol"};

constexpr auto providers = std::to_array<std::string_view>({
    "126.com",        "139.com",        "163.com",     "189.cn",         "aliyun.com",
    "bigpond.com",    "btinternet.com", "comcast.net", "daum.net",       "docomo.ne.jp",
    "fastmail.com",   "foxmail.com",    "free.fr",     "freenet.de",     "gmail.com",
    "googlemail.com", "hanmail.net",    "hey.com",     "icloud.com",     "laposte.net",
    "libero.it",      "mac.com",        "mail.com",    "mail.ru",        "me.com",
    "msn.com",        "naver.com",      "orange.fr",   "pm.me",          "posteo.de",
    "proton.me",      "protonmail.com", "qq.com",      "rediffmail.com", "rocketmail.com",
    "sina.cn",        "sina.com",       "sohu.com",    "t-online.de",    "tom.com",
    "tutanota.com",   "uol.com.br",     "vip.163.com", "vip.qq.com",     "web.de",
    "yeah.net",       "zoho.com",
});

std::string_view domain_of(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

std::string_view trimmed(std::string_view text, std::string_view off)
{
    const std::size_t begin = text.find_first_not_of(off);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(off) - begin + 1);
}

/// What `contact` learns from a message at `date`, whichever way it went.
void note(Contact& contact, const index::Hit& hit)
{
    const bool is_new = contact.from_them + contact.to_them == 0;
    contact.first = is_new ? hit.date : std::min(contact.first, hit.date);
    if (is_new || hit.date >= contact.last) {
        contact.last = hit.date;
        contact.last_subject = hit.card.subject;
    }
}

/// Whom an address is counted under.
std::string customer_of(const std::string& address)
{
    const std::string_view domain = domain_of(address);
    return is_free_mail(domain) ? address : std::string(domain);
}

bool is_later(const Contact& a, const Contact& b)
{
    return std::tie(a.last, b.address) > std::tie(b.last, a.address);
}

}  // namespace

std::string address_in(std::string_view correspondent)
{
    const std::size_t open = correspondent.rfind('<');
    if (open != std::string_view::npos) {
        const std::size_t close = correspondent.find('>', open);
        if (close != std::string_view::npos)
            correspondent = correspondent.substr(open + 1, close - open - 1);
    }
    const std::string_view address = trimmed(correspondent, " \t<>'\"");
    const std::size_t at = address.find('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size() ||
        address.find(' ') != std::string_view::npos)
        return {};
    return lower_case(address);
}

std::string name_in(std::string_view correspondent)
{
    const std::size_t open = correspondent.rfind('<');
    if (open == std::string_view::npos)
        return {};
    const std::string_view name = trimmed(correspondent.substr(0, open), " \t'\"");
    return address_in(name).empty() ? std::string(name) : std::string();
}

bool is_free_mail(std::string_view domain)
{
    if (std::ranges::find(providers, domain) != providers.end())
        return true;
    const std::size_t dot = domain.find('.');
    const std::string_view rest = dot == std::string_view::npos ? "" : domain.substr(dot + 1);
    // "yahoo.com", "yahoo.co.uk", "yahoo.com.cn", but not "yahoo.inc.example".
    const bool is_country = rest.size() <= 3 || rest.starts_with("co.") || rest.starts_with("com.");
    return is_country && !rest.empty() &&
           std::ranges::find(provider_names, domain.substr(0, dot)) != provider_names.end();
}

Company::Company(const std::vector<std::string>& account_addresses)
{
    for (const std::string& account : account_addresses) {
        const std::string address = lower_case(account);
        const std::string_view domain = domain_of(address);
        if (domain.empty() || is_free_mail(domain))
            addresses_.insert(address);
        else
            domains_.emplace(domain);
    }
}

Company company_of(const catalog::Catalog& catalog)
{
    std::vector<std::string> addresses;
    for (const catalog::AccountRow& account : catalog.accounts())
        addresses.push_back(account.address);
    return Company(addresses);
}

bool Company::owns(std::string_view address) const
{
    if (addresses_.contains(address))
        return true;
    for (std::string_view domain = domain_of(address); !domain.empty();) {
        if (domains_.contains(domain))
            return true;
        const std::size_t dot = domain.find('.');
        domain = dot == std::string_view::npos ? std::string_view() : domain.substr(dot + 1);
    }
    return false;
}

void CustomerBook::add(const index::Hit& hit)
{
    const std::string from = address_in(hit.card.from);
    if (from.empty())
        return;
    if (company_.owns(from))
        add_to_them(hit, from);
    else
        add_from_them(hit, from);
}

void CustomerBook::note_name(Known& known, std::string_view correspondent, std::int64_t date)
{
    std::string name = name_in(correspondent);
    if (name.empty() || (!known.contact.name.empty() && date < known.named))
        return;
    known.contact.name = std::move(name);
    known.named = date;
}

void CustomerBook::add_from_them(const index::Hit& hit, const std::string& address)
{
    Entry& entry = entries_[customer_of(address)];
    Known& known = entry.contacts[address];
    note_name(known, hit.card.from, hit.date);
    for (Contact* counted : {&known.contact, &entry.total}) {
        note(*counted, hit);
        ++counted->from_them;
        for (const std::string& to : hit.card.to)
            if (const std::string ours = address_in(to); !ours.empty() && company_.owns(ours))
                counted->ours.insert(ours);
    }
}

void CustomerBook::add_to_them(const index::Hit& hit, const std::string& our_address)
{
    std::set<Entry*> counted;
    std::set<std::string> seen;
    for (const std::string& to : hit.card.to) {
        const std::string address = address_in(to);
        if (address.empty() || company_.owns(address) || !seen.insert(address).second)
            continue;
        Entry& entry = entries_[customer_of(address)];
        Known& known = entry.contacts[address];
        note_name(known, to, hit.date);
        note(known.contact, hit);
        ++known.contact.to_them;
        known.contact.ours.insert(our_address);
        if (!counted.insert(&entry).second)
            continue;
        note(entry.total, hit);
        ++entry.total.to_them;
        entry.total.ours.insert(our_address);
    }
}

std::vector<Customer> CustomerBook::take()
{
    std::vector<Customer> customers;
    for (auto& [name, entry] : entries_) {
        Customer customer{name, std::move(entry.total), {}};
        for (auto& [address, known] : entry.contacts) {
            known.contact.address = address;
            customer.contacts.push_back(std::move(known.contact));
        }
        std::ranges::sort(customer.contacts, is_later);
        customers.push_back(std::move(customer));
    }
    entries_.clear();
    std::ranges::stable_sort(customers, std::greater{},
                             [](const Customer& customer) { return customer.total.last; });
    return customers;
}

}  // namespace mailhold::search
