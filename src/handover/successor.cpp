// Successors as people name them, and which customers are theirs.

#include "mailhold/handover/successor.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/search/customers.hpp"

namespace mailhold::handover {
namespace {

[[noreturn]] void refuse(const std::string& why)
{
    throw Error(ErrorKind::usage, why,
                "for example --to carol@company.example --to bob@company.example=acme.com,foo.de");
}

std::string domain_in(std::string_view text)
{
    std::string domain = lower_case(text);
    if (domain.starts_with('@'))
        domain.erase(0, 1);
    if (domain.empty() || domain.find_first_of("@ /<>") != std::string::npos ||
        domain.find('.') == std::string::npos || domain.front() == '.' || domain.back() == '.')
        refuse(fmt::format("'{}' is no customer's domain", printable(text)));
    return domain;
}

}  // namespace

bool Successor::takes(std::string_view customer_address) const
{
    const std::string_view domain = customer_address.substr(customer_address.rfind('@') + 1);
    return std::ranges::any_of(domains, [&](const std::string& ours) {
        return domain == ours || (domain.size() > ours.size() && domain.ends_with(ours) &&
                                  domain[domain.size() - ours.size() - 1] == '.');
    });
}

Successor parse_successor(std::string_view text)
{
    const std::size_t equals = text.find('=');
    const std::string_view address = text.substr(0, equals);
    Successor successor{search::address_in(address), {}};
    if (successor.address.empty() || successor.address != lower_case(address))
        refuse(fmt::format("'{}' is no address", printable(address)));
    for (std::size_t at = equals; at != std::string_view::npos;) {
        const std::size_t end = text.find(',', at + 1);
        successor.domains.push_back(
            domain_in(text.substr(at + 1, end == std::string_view::npos ? end : end - at - 1)));
        at = end;
    }
    return successor;
}

void check_successors(const std::vector<Successor>& successors)
{
    std::set<std::string_view> seen;
    std::size_t takers_of_the_rest = 0;
    for (const Successor& successor : successors) {
        takers_of_the_rest += successor.domains.empty() ? 1 : 0;
        if (!seen.insert(successor.address).second)
            refuse(fmt::format("{} is named twice", successor.address));
        std::set<std::string_view> domains;
        for (const std::string& domain : successor.domains)
            if (!domains.insert(domain).second)
                refuse(fmt::format("{} is named twice for {}", domain, successor.address));
    }
    if (takers_of_the_rest == 0)
        refuse("nobody takes the mail that belongs to no customer named: one successor has to be "
               "without domains");
    if (takers_of_the_rest > 1)
        refuse("more than one successor is without domains: only one can take the rest");
}

std::vector<std::string> successors_of(const std::vector<Successor>& successors,
                                       std::string_view customer_address)
{
    std::vector<std::string> addresses;
    for (const Successor& successor : successors)
        if (successor.takes(customer_address))
            addresses.push_back(successor.address);
    if (addresses.empty())
        for (const Successor& successor : successors)
            if (successor.domains.empty())
                addresses.push_back(successor.address);
    return addresses;
}

}  // namespace mailhold::handover
