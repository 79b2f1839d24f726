// Contacts as vCard 3.0 (RFC 2426).

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "contacts.hpp"
#include "page_text.hpp"

namespace mailhold::handover {
namespace {

/// Han, kana or hangul: U+3000 to U+D7FF and beyond the basic plane.
bool has_east_asian(std::string_view utf8)
{
    return std::ranges::any_of(utf8, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte >= 0xe3 && byte <= 0xed) || byte >= 0xf0;
    });
}

/// RFC 2426 section 4; control characters would end the line.
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == ',' || c == ';')
            out += '\\';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            out += ' ';
        else
            out += c;
    }
    return out;
}

/// Folds at 75 bytes (RFC 2425 5.8.1), never inside a character.
void put_line(std::string& out, const std::string& line)
{
    constexpr std::size_t longest = 75;
    std::size_t room = longest;
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = at + 1;
        while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xc0U) == 0x80)
            ++end;
        if (end - at > room) {
            out += "\r\n ";
            room = longest - 1;
        }
        room -= std::min(room, end - at);
        out.append(line, at, end - at);
        at = end;
    }
    out += "\r\n";
}

void put_contact(std::string& out, const search::Contact& contact, const DossierCustomer& customer,
                 const DossierSubject& about)
{
    const PersonName name = parted_name(contact.name);
    put_line(out, "BEGIN:VCARD");
    put_line(out, "VERSION:3.0");
    put_line(out, "FN:" + escaped(contact.name.empty() ? contact.address : contact.name));
    put_line(out, fmt::format("N:{};{};;;", escaped(name.family), escaped(name.given)));
    put_line(out, "EMAIL;TYPE=INTERNET:" + escaped(contact.address));
    if (customer.known.name != contact.address)
        put_line(out, "ORG:" + escaped(customer.known.name));
    put_line(out, "CATEGORIES:" + escaped("Handover " + leaver_shown(about)));
    put_line(out, "NOTE:" + escaped(fmt::format("Last letter {}. {} from them, {} to them.",
                                                day(contact.last), grouped(contact.from_them),
                                                grouped(contact.to_them))));
    put_line(out, "END:VCARD");
}

}  // namespace

PersonName parted_name(std::string_view name)
{
    const auto parted = [&](std::size_t at, std::size_t width) {
        return std::pair(std::string(name.substr(0, at)), std::string(name.substr(at + width)));
    };
    const std::size_t comma = name.find(", ");
    const std::size_t blank = name.rfind(' ');
    if (comma == std::string_view::npos && blank == std::string_view::npos)
        return {.given = std::string(name), .family = {}};
    if (comma != std::string_view::npos) {
        auto [family, given] = parted(comma, 2);
        return {std::move(given), std::move(family)};
    }
    auto [before, after] = parted(blank, 1);
    if (!has_east_asian(name))
        return {std::move(before), std::move(after)};
    if (!has_east_asian(before) || !has_east_asian(after))
        return {.given = std::string(name), .family = {}};  // in two scripts: nobody can tell
    return {std::move(after), std::move(before)};           // the family comes first
}

std::string contacts_vcard(const Dossier& dossier)
{
    std::string out;
    for (const DossierCustomer& customer : dossier.customers)
        for (const search::Contact& contact : customer.known.contacts)
            put_contact(out, contact, customer, dossier.about);
    return out;
}

}  // namespace mailhold::handover
