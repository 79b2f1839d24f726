// Dossiers of a case and of its successors, and receipts, into the report folder.

#include "mailhold/handover/reporting.hpp"

#include <fmt/format.h>

#include "page_text.hpp"

namespace mailhold::handover {
namespace {

std::string local_day(Time time)
{
    return day(static_cast<std::int64_t>(time));
}

std::vector<std::string> notes_on(const Case& handover_case, const Selection& selection)
{
    std::vector<std::string> notes;
    if (handover_case.purge)
        notes.push_back(fmt::format(
            "Much of this mailbox was found deleted on the server on {}. The handover begins with "
            "the archive's state before that, and has all mail that came since.",
            local_day(*handover_case.purge)));
    if (const auto as_of = handover_case.order.as_of)
        notes.push_back(fmt::format("The handover begins with the mailbox as it was on {}, and has "
                                    "all mail that came since.",
                                    local_day(*as_of)));
    if (selection.excluded > 0)
        notes.push_back(counted(selection.excluded, "private letter") + " left out as asked for.");
    if (selection.unsearchable > 0)
        notes.push_back(fmt::format("{} not searchable yet when this was made, and missing in the "
                                    "lists below.",
                                    counted(selection.unsearchable, "letter")));
    return notes;
}

std::vector<index::Hit> cards_in(const std::vector<index::Hit>& cards, const index::IdSet& share)
{
    std::vector<index::Hit> chosen;
    for (const index::Hit& hit : cards)
        if (share.contains(index::prefix_of(hit.id)))
            chosen.push_back(hit);
    return chosen;
}

}  // namespace

void write_dossiers(const ReportFolder& folder, const Case& handover_case,
                    const Selection& selection, const search::Company& company,
                    const index::Index& index, Time made)
{
    const std::vector<Successor>& successors = handover_case.order.successors;
    DossierSubject about{.leaver = handover_case.order.leaver,
                         .leaver_name = handover_case.leaver_name,
                         .successors = successors,
                         .case_id = handover_case.id,
                         .made = made,
                         .notes = notes_on(handover_case, selection)};
    folder.write(dossier_of(about, selection.cards, company, index));
    if (successors.size() < 2)
        return;
    for (std::size_t i = 0; i < successors.size(); ++i) {
        about.successors = {{successors[i].address, {}}};  // others' customers are not named
        ReportFolder(folder.path() / successors[i].address)
            .write(
                dossier_of(about, cards_in(selection.cards, selection.shares[i]), company, index));
    }
}

std::filesystem::path write_receipt(const ReportFolder& folder, const Receipt& receipt,
                                    const crypto::SignPair& writer)
{
    return folder.write(fmt::format("receipt-{}.json", receipt.run),
                        signed_receipt(receipt, writer));
}

}  // namespace mailhold::handover
