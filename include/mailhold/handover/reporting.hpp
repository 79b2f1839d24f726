#pragma once
// What a run leaves for people in the report folder: dossiers, and the receipt.

#include "mailhold/handover/case.hpp"
#include "mailhold/handover/receipt.hpp"
#include "mailhold/handover/report_folder.hpp"
#include "mailhold/handover/selection.hpp"

namespace mailhold::handover {

/// The dossier of the whole case; with several successors also one for each, in a folder of the
/// address, that tells of that one's share only.
void write_dossiers(const ReportFolder& folder, const Case& handover_case,
                    const Selection& selection, const search::Company& company,
                    const index::Index& index, Time made);

/// "receipt-2.json" of run 2; returns where it is.
std::filesystem::path write_receipt(const ReportFolder& folder, const Receipt& receipt,
                                    const crypto::SignPair& writer);

}  // namespace mailhold::handover
