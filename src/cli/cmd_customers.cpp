// mailhold customers: who outside the company writes to us and whom we write to.

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "mailhold/search/customers.hpp"

#include "commands.hpp"
#include "finding.hpp"
#include "indexing.hpp"
#include "search_results.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::size_t usual_limit = 50;

struct CustomersOptions {
    std::vector<std::string> query;
    std::size_t limit = usual_limit;
};

std::vector<search::Customer> collect(Finding& finding, const std::optional<Question>& question)
{
    search::CustomerBook book(search::company_of(finding.catalog()));
    const auto add = [&](const index::Hit& hit) { book.add(hit); };
    if (!question) {
        finding.index().for_each(add, true);
        return book.take();
    }
    const search::Resolved resolved = resolve_question(*question, finding.catalog());
    constexpr std::size_t batch = 2'000;
    for (std::size_t first = 0;; first += batch) {
        const index::Found found = finding.index().find(
            resolved.query, {.sort = index::Sort::date, .first = first, .limit = batch});
        std::ranges::for_each(found.hits, add);
        if (found.hits.size() < batch)
            return book.take();
    }
}

Json contact_json(const search::Contact& contact)
{
    Json ours = Json::array();
    for (const std::string& address : contact.ours)
        ours.push_back(address);
    return Json::object({{"first", format_utc(Time{contact.first})},
                         {"last", format_utc(Time{contact.last})},
                         {"from_them", contact.from_them},
                         {"to_them", contact.to_them},
                         {"last_subject", contact.last_subject},
                         {"ours", std::move(ours)}});
}

Json customers_json(const std::vector<search::Customer>& customers, std::size_t limit)
{
    Json array = Json::array();
    for (std::size_t i = 0; i < std::min(limit, customers.size()); ++i) {
        Json customer = contact_json(customers[i].total);
        customer.set("customer", customers[i].name);
        Json contacts = Json::array();
        for (const search::Contact& known : customers[i].contacts) {
            Json contact = contact_json(known);
            contact.set("address", known.address);
            contact.set("name", known.name);
            contacts.push_back(std::move(contact));
        }
        customer.set("contacts", std::move(contacts));
        array.push_back(std::move(customer));
    }
    return Json::object(
        {{"total", static_cast<std::uint64_t>(customers.size())}, {"customers", std::move(array)}});
}

std::string day(std::int64_t seconds)
{
    return human_time(Time{seconds}).substr(0, 10);
}

/// "anna, ben +2": the part before the @ is enough within the company.
std::string our_people(const std::set<std::string>& addresses)
{
    constexpr std::size_t shown = 2;
    std::string out;
    std::size_t count = 0;
    for (const std::string& address : addresses)
        if (++count <= shown)
            out += (out.empty() ? "" : ", ") + address.substr(0, address.find('@'));
    return count > shown ? fmt::format("{} +{}", out, count - shown) : out;
}

std::vector<Table::Cell> row(const std::string& who, const search::Contact& contact, Style style)
{
    constexpr std::size_t who_columns = 34;
    constexpr std::size_t subject_columns = 36;
    const auto cut = [](const std::string& text, std::size_t columns) {
        const std::string shown = printable(text);
        return columns_of(shown) <= columns ? shown : fitted(shown, columns);
    };
    return {{cut(who, who_columns), style},
            {day(contact.first)},
            {day(contact.last)},
            {with_thousands(contact.from_them)},
            {with_thousands(contact.to_them)},
            {cut(our_people(contact.ours), who_columns)},
            {cut(contact.last_subject, subject_columns)}};
}

void print_customers(const std::vector<search::Customer>& customers, std::size_t limit,
                     std::ostream& out)
{
    if (customers.empty()) {
        out << "Nobody outside the company found.\n";
        return;
    }
    using enum Table::Align;
    Table table({{"who", left},
                 {"first", left},
                 {"last", left},
                 {"from them", right},
                 {"to them", right},
                 {"of us", left},
                 {"last subject", left}});
    const std::size_t shown = std::min(limit, customers.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const search::Customer& customer = customers[i];
        table.add(row(customer.name, customer.total, Style::strong));
        for (const search::Contact& contact : customer.contacts)
            if (customer.name != contact.address)
                table.add(row("  " + (contact.name.empty() ? contact.address
                                                           : contact.address + "  " + contact.name),
                              contact, Style::plain));
    }
    out << table.str();
    if (shown < customers.size())
        out << fmt::format("\n{} of {}. More: --limit N\n", shown,
                           counted(customers.size(), "customer"));
}

void run_customers(const CustomersOptions& options, Session& session)
{
    std::optional<Question> question;
    if (!options.query.empty())
        question = read_question(options.query);
    Finding finding(session);
    const std::vector<search::Customer> customers = collect(finding, question);
    if (session.options.json)
        session.print_json(customers_json(customers, options.limit));
    else
        print_customers(customers, options.limit, session.out);
    finding.tell_costs();
    tend_index(session, finding.catalog(), finding.keys());
}

}  // namespace

void add_customers_command(const Command& app, Session& session)
{
    auto options = std::make_shared<CustomersOptions>();
    const Command command =
        app.add_command("customers", "Correspondents outside the company, by domain and address");
    command.add_option("query", options->query,
                       "Only in messages that this query finds, as for search");
    command.add_option("--limit", options->limit, "Customers shown").positive().shows_default();
    command.footer(help_footer("mailhold customers stainless pipe date:2026",
                               "0 done, 2 a query that is not understood, 3 the index is damaged, "
                               "12 wrong passphrase"));
    command.runs([options, &session] { run_customers(*options, session); });
}

}  // namespace mailhold::cli
