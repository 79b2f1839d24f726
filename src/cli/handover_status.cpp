// Open handovers: how much mail came to the leaver's account since.

#include "handover_status.hpp"

#include <vector>

#include <fmt/format.h>

#include "mailhold/handover/case.hpp"

#include "terminal.hpp"

namespace mailhold::cli {
namespace {

struct OpenHandover {
    handover::CaseOutline outline;
    std::string leaver;
    std::uint64_t waiting = 0;  ///< messages
};

std::vector<OpenHandover> open_handovers(const catalog::Catalog& catalog)
{
    std::vector<OpenHandover> open;
    for (const handover::CaseOutline& outline : handover::outlines(catalog)) {
        if (outline.is_closed)
            continue;
        OpenHandover one{outline, {}, 0};
        for (const catalog::AccountRow& account : catalog.accounts())
            if (account.id == outline.leaver)
                one.leaver = account.address;
        if (outline.seen)
            one.waiting = handover::messages_since(catalog, outline.leaver, *outline.seen);
        open.push_back(std::move(one));
    }
    return open;
}

std::string words_for(const OpenHandover& one)
{
    if (!one.outline.seen)
        return "not carried out yet";
    std::string words;
    if (one.outline.missing > 0)
        words = counted(one.outline.missing, "message") + " missing";
    if (one.waiting > 0)
        words += (words.empty() ? "" : ", ") + counted(one.waiting, "message") + " came since";
    return words.empty() ? "all handed over" : words;
}

}  // namespace

Json handovers_json(const catalog::Catalog& catalog)
{
    Json list = Json::array();
    for (const OpenHandover& one : open_handovers(catalog))
        list.push_back(
            Json::object({{"case", one.outline.id},
                          {"leaver", one.leaver},
                          {"opened", format_utc(one.outline.opened)},
                          {"seen", one.outline.seen ? Json(format_utc(*one.outline.seen)) : Json()},
                          {"missing", one.outline.missing},
                          {"waiting", one.waiting}}));
    return list;
}

void print_handovers(const catalog::Catalog& catalog, std::ostream& out)
{
    for (const OpenHandover& one : open_handovers(catalog)) {
        const bool waits = !one.outline.seen || one.outline.missing > 0 || one.waiting > 0;
        out << styled(
                   fmt::format(
                       "Handover {} of {}: {}{}", one.outline.id, printable(one.leaver),
                       words_for(one),
                       waits ? fmt::format("; `mailhold handover resume {}`", one.outline.id) : ""),
                   waits ? Style::warning : Style::plain)
            << '\n';
    }
}

}  // namespace mailhold::cli
