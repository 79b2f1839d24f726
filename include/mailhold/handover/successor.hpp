#pragma once
// Who takes a leaver's mail over, and whose customers' mail.

#include <string>
#include <string_view>
#include <vector>

namespace mailhold::handover {

struct Successor {
    std::string address;               ///< lower case
    std::vector<std::string> domains;  ///< of customers, lower case; empty: takes all the rest

    /// Whether the customer with this lower-case address is theirs: of one of `domains` or of a
    /// subdomain of one.
    bool takes(std::string_view customer_address) const;

    bool operator==(const Successor&) const = default;
};

/// "bob@company.example=acme.com,foo.de", or an address alone. Throws usage.
Successor parse_successor(std::string_view text);

/// Exactly one has no domains, and no domain or address stands there twice; else throws usage,
/// saying which.
void check_successors(const std::vector<Successor>& successors);

/// Addresses of those who take a customer over: of each one with its domain, else of the one
/// without domains.
std::vector<std::string> successors_of(const std::vector<Successor>& successors,
                                       std::string_view customer_address);

}  // namespace mailhold::handover
