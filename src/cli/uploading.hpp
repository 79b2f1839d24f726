#pragma once
// What commands that upload share: the account to upload into, and the report for people and
// programs.

#include <memory>
#include <string>

#include "mailhold/restore/restore.hpp"

#include "accounts.hpp"
#include "session.hpp"

namespace mailhold::cli {

/// An account that mail goes to, locked against other uploads of this host. Not movable: its parts
/// refer to each other.
class UploadTarget {
public:
    /// Throws not_found for an account that is not in the config file, usage for one without a
    /// server, locked. `session` and `ledger` outlive it.
    UploadTarget(Session& session, ledger::Ledger& ledger, const std::string& address);

    const std::string& address() const { return account_.address; }
    deliver::Upload& prepare(const restore::Plan& plan);
    const deliver::Survey& survey(const std::stop_token& stop) { return upload_->survey(stop); }
    deliver::UploadReport run(const restore::Plan& plan, ledger::Library& library,
                              ProgressSink& progress, const std::stop_token& stop);
    std::uint64_t bytes_a_day() const { return bytes_a_day_; }

private:
    const config::Account& account_;
    restore::TargetLock lock_;
    credentials::SecretStore secrets_;
    imap::Access access_;
    restore::CatalogMemory memory_;
    std::uint64_t bytes_a_day_;
    restore::DailyBudget budget_;
    std::unique_ptr<deliver::Upload> upload_;
};

/// The fields of docs/json.md that all uploads have.
Json upload_json(const restore::Plan& plan, const deliver::UploadReport& report);
/// Where every folder goes.
Json plan_json(const restore::Plan& plan, const deliver::Survey& survey);
/// The same, and what may not fit.
void print_plan(const restore::Plan& plan, const UploadTarget& target,
                const deliver::Survey& survey, std::ostream& out);
void print_upload(const restore::Plan& plan, const std::string& to,
                  const deliver::UploadReport& report, std::ostream& out);

}  // namespace mailhold::cli
