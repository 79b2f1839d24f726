#pragma once
// One run of a handover: the vault open, the case at hand, its successors' accounts, its mail.

#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/handover/case.hpp"
#include "mailhold/handover/receipt.hpp"
#include "mailhold/handover/selection.hpp"

#include "session.hpp"
#include "uploading.hpp"

namespace mailhold::cli {

/// What one successor's upload came to; also when the account could not be reached.
struct SuccessorResult {
    const restore::Plan* plan = nullptr;
    deliver::UploadReport report;
};

struct HandoverResult {
    std::vector<SuccessorResult> successors = {};
    handover::CaseRun run = {};
    std::filesystem::path report = {};   ///< folder
    std::filesystem::path receipt = {};  ///< file
};

/// A case, new or going on.
class HandoverWork {
public:
    HandoverWork(Session& session, ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                 handover::Case handover_case);

    const handover::Case& handover_case() const { return case_; }
    const handover::Selection& selection() const { return selection_; }
    std::list<UploadTarget>& targets() { return targets_; }

    /// Uploads, then records the run, and writes receipt and dossiers.
    HandoverResult carry_out(const std::filesystem::path& report_folder);

private:
    std::vector<SuccessorResult> upload();
    SuccessorResult upload_to(UploadTarget& target, const restore::Plan& plan,
                              ledger::Library& library, ProgressSink& progress);
    handover::Receipt receipt_of(const HandoverResult& result, const ledger::Commit& recorded,
                                 Time ended) const;

    Session& session_;
    ledger::Ledger& ledger_;
    const vault::ReaderKeys& keys_;
    Time started_;
    handover::Case case_;
    index::Index index_;
    std::list<UploadTarget> targets_;  ///< in the order of the case's successors
    handover::Selection selection_;
};

/// The case of this order that is still open, else a new one, which is not kept yet.
struct OpenedCase {
    handover::Case handover_case;
    bool is_new = false;
};
OpenedCase open_case(Session& session, ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                     handover::Order order);

/// Throws not_found.
handover::Case find_case(const ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                         const std::string& id);

/// Keeps the case in the journal. Waits a while where another mailhold writes; throws locked then.
ledger::Commit keep_case(Session& session, const handover::Case& handover_case);

}  // namespace mailhold::cli
