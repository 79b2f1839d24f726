// A plan carried out.

#include "mailhold/restore/restore.hpp"

namespace mailhold::restore {

deliver::UploadReport carry_out(const Plan& plan, deliver::Upload& upload, DailyBudget& budget,
                                ledger::Library& library, ProgressSink& progress,
                                const std::stop_token& stop)
{
    const auto read = [&](const crypto::ContentId& id) { return library.message(id); };
    deliver::UploadReport report = upload.run(plan.messages, read, progress, stop);
    budget.spend(now(), report.bytes);
    return report;
}

}  // namespace mailhold::restore
