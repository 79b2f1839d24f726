// One run over all accounts.

#include "mailhold/harvest/harvest.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"
#include "mailhold/base/log.hpp"

#include "account_run.hpp"
#include "purge.hpp"

namespace mailhold::harvest {
namespace {

/// The account's id: found by its address, or made now. Says what changed about it in the journal.
crypto::AccountId settle_account(ledger::Ledger& ledger, ledger::Intake& intake,
                                 const AccountPlan& plan)
{
    const auto row = ledger.catalog().account(plan.access.address);
    if (row && !ledger.may_keep(*row))
        throw Error(ErrorKind::refused,
                    fmt::format("{} is backed up by another host (writer {})", plan.access.address,
                                row->writer.hex()),
                    "two hosts harvesting one account would fight: remove it from this host's "
                    "configuration, or "
                    "revoke the other writer first (`mailhold writer list`)");
    const std::string server =
        fmt::format("{}:{}", plan.access.endpoint.host, plan.access.endpoint.port);
    const crypto::AccountId id = row ? row->id : crypto::random_id<crypto::AccountId>();
    if (!row || row->writer != ledger.kit().writer || row->role != plan.role ||
        row->server != server || row->archive_only)
        intake.event(id, vault::AccountDescribed{.id = id,
                                                 .address = plan.access.address,
                                                 .role = plan.role,
                                                 .server = server,
                                                 .archive_only = false});
    return id;
}

class Run {
public:
    Run(ledger::Ledger& ledger, const std::vector<AccountPlan>& plans, const Options& options,
        ProgressSink& progress, std::stop_token stop)
        : ledger_(ledger), plans_(plans), options_(options), progress_(progress),
          stop_(std::move(stop)),
          intake_(ledger, crypto::random_id<crypto::AccountId>().hex(), options.intake)
    {
    }

    RunReport execute()
    {
        prepare();
        harvest_all();
        if (failure_)
            std::rethrow_exception(failure_);
        intake_.flush();
        RunReport report;
        vault::RunEnd end;
        for (Share& share : shares_) {
            conclude(share);
            end.accounts.push_back(result_of(share));
            report.accounts.push_back(std::move(share.report));
        }
        report.interrupted = stop_.stop_requested();
        end.ok = report.ok();
        report.head = intake_.finish(end);
        report.index_trouble = intake_.index_trouble();
        return report;
    }

private:
    struct Share {
        const AccountPlan* plan = nullptr;
        crypto::AccountId id;
        AccountReport report;
        std::vector<VanishedMail> vanished;
        bool refused = false;  ///< not ours to harvest
    };

    void prepare()
    {
        for (const AccountPlan& plan : plans_) {
            Share share;
            share.plan = &plan;
            share.report.address = plan.access.address;
            try {
                share.id = settle_account(ledger_, intake_, plan);
            } catch (const Error& e) {
                if (e.kind() != ErrorKind::refused)
                    throw;
                share.refused = true;
                share.report.error = AccountFailure{"policy", e.what(), e.hint()};
            }
            shares_.push_back(std::move(share));
        }
    }

    void harvest_all()
    {
        const std::size_t threads =
            std::min<std::size_t>(options_.accounts_at_once, shares_.size());
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < threads; ++i)
            workers.emplace_back([this] { work(); });
    }

    /// Thread entry.
    void work() noexcept
    {
        try {
            for (std::size_t next = next_++; next < shares_.size() && !stop_.stop_requested();
                 next = next_++)
                if (!shares_[next].refused)
                    harvest_one(shares_[next]);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_)
                failure_ = std::current_exception();
            next_ = shares_.size();
        }
    }

    void harvest_one(Share& share)
    {
        AccountRun run(ledger_, intake_, *share.plan, share.id, progress_, stop_);
        try {
            run.run();
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::interrupted)
                throw;
            run.report.error = AccountFailure{"interrupted", "stopped before it was complete",
                                              "run `mailhold backup` again; it goes on from here"};
        }
        share.report = std::move(run.report);
        share.vanished = std::move(run.vanished);
    }

    /// Counts and purges, once everything is committed.
    void conclude(Share& share)
    {
        AccountReport& report = share.report;
        if (share.refused)
            return;
        if (!report.ok && !report.error)
            report.error = AccountFailure{"interrupted", "stopped before it began",
                                          "run `mailhold backup` again; it goes on from here"};
        report.tally = intake_.tally(share.id);
        for (const catalog::FolderRow& folder : ledger_.catalog().folders(share.id))
            if (!folder.gone && !folder.is_imported() &&
                folder.key.writer == ledger_.kit().writer &&
                !is_excluded(folder.name, share.plan->exclude))
                report.archived_messages += ledger_.catalog().counts(folder.key).messages;
        for (const VanishedMail& vanished : share.vanished) {
            const auto purge = find_purge(ledger_.catalog(), share.id, vanished, options_);
            if (!purge)
                continue;
            record_purge(share, vanished.folder.fid, *purge);
            report.purges.push_back(*purge);
        }
    }

    void record_purge(const Share& share, FolderId fid, const Purge& purge)
    {
        const std::string when = format_utc(now());
        intake_.event(share.id, vault::Record{.space = "purge",
                                              .key = fmt::format("{}/{}/{}", share.id.hex(), when,
                                                                 static_cast<std::uint64_t>(fid)),
                                              .value = Json::object(
                                                  {{"account", share.id.hex()},
                                                   {"folder", wire_name_to_json(purge.folder)},
                                                   {"time", when},
                                                   {"count", purge.count},
                                                   {"of", purge.of}})});
    }

    static vault::AccountResult result_of(const Share& share)
    {
        const AccountReport& report = share.report;
        vault::AccountResult result{.account = share.id,
                                    .ok = report.ok,
                                    .server_messages = report.server_messages,
                                    .archived_messages = report.archived_messages,
                                    .error_class = {},
                                    .error_text = {},
                                    .error_hint = {}};
        if (report.error) {
            result.error_class = report.error->failure_class;
            result.error_text = report.error->text;
            result.error_hint = report.error->hint;
        }
        return result;
    }

    ledger::Ledger& ledger_;
    const std::vector<AccountPlan>& plans_;
    const Options& options_;
    ProgressSink& progress_;
    std::stop_token stop_;
    ledger::Intake intake_;
    std::vector<Share> shares_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;  ///< guards failure_
    std::exception_ptr failure_;
};

}  // namespace

bool RunReport::ok() const
{
    return !interrupted &&
           std::all_of(accounts.begin(), accounts.end(), [](const AccountReport& account) {
               return account.ok && account.failed.empty();
           });
}

RunReport run(ledger::Ledger& ledger, const std::vector<AccountPlan>& accounts,
              const Options& options, ProgressSink& progress, std::stop_token stop)
{
    return Run(ledger, accounts, options, progress, std::move(stop)).execute();
}

std::size_t try_login(const imap::Access& access, std::stop_token stop)
{
    const auto client = imap::Door(access, std::move(stop)).open_once();
    const std::size_t folders = client->list_folders().size();
    client->logout();
    return folders;
}

}  // namespace mailhold::harvest
