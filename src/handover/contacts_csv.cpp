// Contacts as CSV (RFC 4180).

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "contacts.hpp"
#include "page_text.hpp"

namespace mailhold::handover {
namespace {

/// Spreadsheets take what begins so for a formula, full-width forms too.
bool looks_like_a_formula(std::string_view text)
{
    constexpr auto beginnings =
        std::to_array<std::string_view>({"=", "+", "-", "@", "＝", "＋", "－", "＠"});
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20)
        text.remove_prefix(1);
    return std::ranges::any_of(beginnings, [&](auto one) { return text.starts_with(one); });
}

std::string quoted_field(std::string_view text)
{
    std::string out = "\"";
    if (looks_like_a_formula(text))
        out += '\'';
    for (const char c : text) {
        if (c == '"')
            out += '"';
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
    return out + '"';
}

void put_row(std::string& out, const std::vector<std::string>& fields)
{
    for (std::size_t i = 0; i < fields.size(); ++i)
        out += (i == 0 ? "" : ",") + quoted_field(fields[i]);
    out += "\r\n";
}

}  // namespace

std::string contacts_csv(const Dossier& dossier)
{
    std::string out = "\xEF\xBB\xBF";
    put_row(out, {"First Name", "Last Name", "Company", "E-mail Address", "Categories", "Notes"});
    for (const DossierCustomer& customer : dossier.customers)
        for (const search::Contact& contact : customer.known.contacts) {
            const PersonName name = parted_name(contact.name);
            put_row(out, {name.given, name.family,
                          customer.known.name == contact.address ? "" : customer.known.name,
                          contact.address, "Handover " + leaver_shown(dossier.about),
                          fmt::format("Last letter {}; {} from them, {} to them", day(contact.last),
                                      contact.from_them, contact.to_them)});
        }
    return out;
}

}  // namespace mailhold::handover
