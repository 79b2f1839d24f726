// A handover carried out: each successor's share uploaded, the run recorded, the report written.

#include "handover_case.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/handover/reporting.hpp"

#include "finding.hpp"
#include "lookup.hpp"
#include "progress_display.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::chrono::minutes longest_wait{15};
constexpr std::chrono::seconds between_tries{2};

/// Trouble with one successor's account leaves the others' worth filling; and who asks to stop
/// still gets what was done recorded.
bool concerns_one_account(ErrorKind kind)
{
    return kind == ErrorKind::refused || kind == ErrorKind::unreachable ||
           kind == ErrorKind::malformed || kind == ErrorKind::interrupted;
}

/// By its id: an address may belong to somebody else by now.
catalog::AccountRow account_of(const catalog::Catalog& catalog, const handover::Case& handover_case)
{
    for (catalog::AccountRow& row : catalog.accounts())
        if (row.id == handover_case.leaver)
            return std::move(row);
    throw Error(
        ErrorKind::not_found,
        fmt::format("the account {} is not in this catalog", printable(handover_case.order.leaver)),
        "`mailhold rebuild` reads it from the journal");
}

std::uint64_t missing_in(const deliver::UploadReport& report)
{
    return report.planned - std::min(report.planned, report.verified + report.already_there);
}

handover::CaseRun run_of(const std::vector<SuccessorResult>& results, Time started)
{
    handover::CaseRun run{.time = started};
    for (const SuccessorResult& result : results) {
        const deliver::UploadReport& report = result.report;
        run.planned += report.planned;
        run.uploaded += report.uploaded;
        run.already_there += report.already_there;
        run.verified += report.verified;
        run.failed += report.failed.size();
        run.missing += missing_in(report);
        run.bytes += report.bytes;
    }
    return run;
}

}  // namespace

HandoverWork::HandoverWork(Session& session, ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                           handover::Case handover_case)
    : session_(session), ledger_(ledger), keys_(keys), started_(now()),
      case_(std::move(handover_case)), index_(open_index(session, ledger, keys))
{
    for (const handover::Successor& successor : case_.order.successors)
        targets_.emplace_back(session, ledger, successor.address);
    selection_ =
        handover::select(case_, account_of(ledger.catalog(), case_), ledger.catalog(), index_);
    auto plan = selection_.plans.begin();
    for (UploadTarget& target : targets_) {
        if (plan->messages.empty())
            log::warning("no message is for {}: are the folders, times and domains right?",
                         printable(target.address()));
        target.prepare(*plan++);
    }
}

SuccessorResult HandoverWork::upload_to(UploadTarget& target, const restore::Plan& plan,
                                        ledger::Library& library, ProgressSink& progress)
{
    SuccessorResult result{&plan, {}};
    try {
        result.report = target.run(plan, library, progress, session_.stop());
    } catch (const Error& e) {
        if (!concerns_one_account(e.kind()))
            throw;
        result.report.planned = plan.messages.size();
        result.report.missing_bytes = plan.bytes;
        result.report.end = e.kind() == ErrorKind::interrupted ? deliver::UploadEnd::stopped
                                                               : deliver::UploadEnd::lost;
        result.report.why = e.what();
    }
    return result;
}

std::vector<SuccessorResult> HandoverWork::upload()
{
    ledger::Library library(ledger_.store(), keys_, ledger_.catalog());
    ProgressDisplay progress(session_.options.quiet);
    std::vector<SuccessorResult> results;
    auto plan = selection_.plans.begin();
    for (UploadTarget& target : targets_)
        results.push_back(upload_to(target, *plan++, library, progress));
    return results;
}

handover::Receipt HandoverWork::receipt_of(const HandoverResult& result,
                                           const ledger::Commit& recorded, Time ended) const
{
    handover::Receipt receipt{.vault = ledger_.root_log().vault,
                              .root_fingerprint = ledger_.root_log().fingerprint(),
                              .writer = ledger_.kit().writer,
                              .head = {recorded.seq, recorded.hash},
                              .case_id = case_.id,
                              .run = case_.runs.size(),
                              .leaver = case_.order.leaver,
                              .opened = case_.opened,
                              .begins = case_.begins,
                              .started = started_,
                              .ended = ended};
    for (std::size_t i = 0; i < result.successors.size(); ++i)
        receipt.parts.push_back(handover::receipt_part(case_.order.successors[i].address,
                                                       *result.successors[i].plan,
                                                       result.successors[i].report));
    return receipt;
}

HandoverResult HandoverWork::carry_out(const std::filesystem::path& report_folder)
{
    const handover::ReportFolder folder(report_folder);  // before hours of work, not after
    HandoverResult result{.successors = upload(), .report = folder.path()};
    result.run = run_of(result.successors, started_);
    case_.runs.push_back(result.run);
    const Time ended = now();
    const ledger::Commit recorded = keep_case(session_, case_);
    result.receipt =
        handover::write_receipt(folder, receipt_of(result, recorded, ended), ledger_.kit().signing);
    handover::write_dossiers(folder, case_, selection_, search::company_of(ledger_.catalog()),
                             index_, ended);
    return result;
}

OpenedCase open_case(Session& session, ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                     handover::Order order)
{
    const catalog::AccountRow leaver = find_account(ledger, order.leaver);
    for (handover::Case& known : handover::cases(ledger.catalog(), keys))
        if (!known.closed && known.order == order && known.leaver == leaver.id)
            return {std::move(known), false};
    const Time opened = now();
    const handover::Beginning beginning =
        order.as_of ? handover::Beginning{.at = *order.as_of}
                    : handover::beginning_of(ledger.catalog(), leaver.id, opened);
    handover::Case made{.id = handover::new_case_id(ledger.catalog()),
                        .leaver = leaver.id,
                        .leaver_name =
                            handover::name_of(open_index(session, ledger, keys), order.leaver),
                        .opened = opened,
                        .begins = beginning.at,
                        .purge = beginning.purge};
    made.prefix = order.prefix.value_or(
        handover::usual_prefix(made.leaver_name.empty() ? order.leaver : made.leaver_name));
    made.order = std::move(order);
    return {std::move(made), true};
}

handover::Case find_case(const ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                         const std::string& id)
{
    for (handover::Case& known : handover::cases(ledger.catalog(), keys))
        if (known.id == id)
            return std::move(known);
    throw Error(ErrorKind::not_found, fmt::format("no handover case {}", printable(id)),
                "`mailhold handover list` shows them");
}

ledger::Commit keep_case(Session& session, const handover::Case& handover_case)
{
    const auto until = std::chrono::steady_clock::now() + longest_wait;
    for (bool told = false;; told = true) {
        try {
            const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
            return handover::keep(*ledger, handover_case);
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::locked || std::chrono::steady_clock::now() > until ||
                session.stop().stop_requested())
                throw;
            if (!told)
                log::info("waiting for another mailhold to finish, to record the handover");
            std::this_thread::sleep_for(between_tries);
        }
    }
}

}  // namespace mailhold::cli
