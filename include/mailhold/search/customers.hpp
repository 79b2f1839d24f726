#pragma once
// Customers: everybody outside the company who writes to us or whom we write to.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/index/index.hpp"

namespace mailhold::search {

/// Lower-case address in "Name <address>" or an address alone; empty when there is none.
std::string address_in(std::string_view correspondent);
/// The name in it, without quotes; empty when there is none.
std::string name_in(std::string_view correspondent);

/// A mail provider where anybody has an address: its domain says nothing about a company.
bool is_free_mail(std::string_view domain);

/// Which addresses are ours: those of the domains of our accounts, and their subdomains; of
/// accounts at free-mail providers only the address itself.
class Company {
public:
    explicit Company(const std::vector<std::string>& account_addresses);
    /// `address` in lower case.
    bool owns(std::string_view address) const;

private:
    std::set<std::string, std::less<>> domains_;
    std::set<std::string, std::less<>> addresses_;
};

/// Everybody with an account is of the company.
Company company_of(const catalog::Catalog& catalog);

struct Contact {
    std::string address;     ///< lower case
    std::string name;        ///< as last seen
    std::int64_t first = 0;  ///< seconds since 1970
    std::int64_t last = 0;
    std::uint64_t from_them = 0;  ///< messages
    std::uint64_t to_them = 0;
    std::string last_subject;
    std::set<std::string> ours;  ///< addresses of ours that they wrote to or that wrote to them
};

/// A domain with its addresses, or one address at a free-mail provider.
struct Customer {
    std::string name;  ///< the domain, or the address
    Contact total;     ///< of all contacts; a message to several counts once; no address
    std::vector<Contact> contacts;  ///< the latest first
};

class CustomerBook {
public:
    explicit CustomerBook(Company company) : company_(std::move(company)) {}

    /// A message without its card's people changes nothing.
    void add(const index::Hit& hit);
    /// The latest first. The book is empty afterwards.
    std::vector<Customer> take();

private:
    struct Known {
        Contact contact;
        std::int64_t named = 0;  ///< when the name was last seen
    };
    struct Entry {
        Contact total;
        std::map<std::string, Known, std::less<>> contacts;
    };
    static void note_name(Known& known, std::string_view correspondent, std::int64_t date);
    void add_from_them(const index::Hit& hit, const std::string& address);
    void add_to_them(const index::Hit& hit, const std::string& our_address);

    Company company_;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace mailhold::search
