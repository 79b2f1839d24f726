#pragma once
// What the dossier's pages say, in whatever form: numbers, days, headings, the rules of the lists.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/handover/dossier.hpp"

namespace mailhold::handover {

/// Rows of a list on a page; the contact files hold all.
inline constexpr std::size_t shown_on_cover = 3;
inline constexpr std::size_t customers_shown = 40;
inline constexpr std::size_t waiting_shown = 60;
inline constexpr std::size_t offers_shown = 80;

/// "12,418".
std::string grouped(std::uint64_t number);
/// "1 thread", "2 threads".
std::string counted(std::uint64_t number, std::string_view noun);
/// This machine's day: "2026-03-09"; "unknown" before 1970.
std::string day(std::int64_t seconds);
/// Whole days between two times, never negative.
std::string days_between(std::int64_t from, std::int64_t until);

std::string_view kind_name(OfferKind kind);
/// The leaver's name, else the address.
std::string leaver_shown(const DossierSubject& about);
/// "bob@…, carol@…".
std::string joined(const std::vector<std::string>& parts);
/// "bob, carol": what stands before the @ is enough where everybody knows everybody.
std::string short_names(const std::vector<std::string>& addresses);
/// Whether it has to be said who takes what.
bool has_several_successors(const DossierSubject& about);
/// "Bob Lee, Eve Mills and 3 more": the customer's people, the latest first.
std::string people_of(const DossierCustomer& customer);
/// "Alice Chen (we)": who wrote last.
std::string last_author_of(const DossierCustomer& customer);

struct Figure {
    std::string number;
    std::string label;
};
/// The few numbers at the top.
std::vector<Figure> figures_of(const Dossier& dossier);

/// "bob@…: acme.com, foo.de": the successor, and where there are several what is theirs.
std::string taken_by(const DossierSubject& about, const Successor& successor);

/// How the lists were made and what they leave out; one paragraph each, plain text.
std::vector<std::string> remarks_of(const Dossier& dossier);

/// What stands below a list that was cut; empty when it was not.
std::string rest_of(std::size_t total, std::size_t shown, std::string_view where);

}  // namespace mailhold::handover
