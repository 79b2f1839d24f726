// The account to upload into.

#include "uploading.hpp"

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"

namespace mailhold::cli {
namespace {

/// A server goes on with what it received before the connection broke; what it stores after we have
/// looked would be there twice.
constexpr std::chrono::milliseconds settling_time{2'000};

const config::Account& account_with_server(const config::Config& config, const std::string& address)
{
    const config::Account* account = config.find(address);
    if (account == nullptr)
        throw Error(
            ErrorKind::not_found,
            fmt::format("no account {} in {}", printable(address), config.file.string()),
            fmt::format("`mailhold account add {}` makes it known here", printable(address)));
    if (account->archive_only)
        throw Error(ErrorKind::usage,
                    fmt::format("{} has no server to upload to", printable(address)),
                    "take `archive_only` out of its entry in the config file, or name another one");
    return *account;
}

}  // namespace

UploadTarget::UploadTarget(Session& session, ledger::Ledger& ledger, const std::string& address)
    : account_(account_with_server(session.config(), address)),
      lock_(session.paths().state, account_.address),
      secrets_(open_secret_store(session, ledger.kit())),
      access_(access_for(account_, secrets_, session.config())),
      memory_(ledger.catalog(), account_.address), bytes_a_day_(upload_bytes_a_day(account_)),
      budget_(ledger.catalog(), account_.address, bytes_a_day_)
{
}

deliver::Upload& UploadTarget::prepare(const restore::Plan& plan)
{
    upload_ = std::make_unique<deliver::Upload>(
        access_, plan.folders, deliver::UploadOptions{.budget_bytes = budget_.left(now())},
        memory_);
    return *upload_;
}

deliver::UploadReport UploadTarget::run(const restore::Plan& plan, ledger::Library& library,
                                        ProgressSink& progress, const std::stop_token& stop)
{
    if (lock_.begin()) {
        log::info("the last upload into {} was broken off: its server gets a moment to finish",
                  printable(address()));
        imap::wait_for(settling_time, stop);
    }
    deliver::UploadReport report =
        restore::carry_out(plan, *upload_, budget_, library, progress, stop);
    memory_.flush();
    if (report.end != deliver::UploadEnd::lost && report.end != deliver::UploadEnd::stopped)
        lock_.finish();
    return report;
}

}  // namespace mailhold::cli
