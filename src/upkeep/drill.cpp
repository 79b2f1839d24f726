// The restore drill.

#include "mailhold/upkeep/drill.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "mailhold/base/log.hpp"

#include "concerned.hpp"
#include "read_back.hpp"

namespace mailhold::upkeep {
namespace {

using Clock = std::chrono::steady_clock;

constexpr DrillReport::Duration timed_reading{2};

/// Also those whose archive is missing: that they cannot be had is what a drill is to find.
std::vector<crypto::ContentId> draw(const catalog::Catalog& catalog, std::uint64_t count)
{
    std::set<crypto::ContentId> all;
    for (const catalog::ArchiveRow& archive : catalog.archives())
        for (const crypto::ContentId& id : catalog.messages_in(archive.object))
            all.insert(id);
    std::vector<crypto::ContentId> drawn;
    std::sample(all.begin(), all.end(), std::back_inserter(drawn), count, std::random_device());
    std::erase_if(drawn, [&](const crypto::ContentId& id) {
        const auto stored = catalog.message(id);
        return stored && stored->erased;
    });
    return drawn;
}

/// Bytes a second of messages read in the order they lie in, as a restore reads them.
class Timing {
public:
    Timing(ledger::Ledger& ledger, const vault::ReaderKeys& keys)
        : catalog_(ledger.catalog()), library_(ledger.store(), keys, ledger.catalog())
    {
    }

    double bytes_per_second()
    {
        for (const catalog::ArchiveRow& archive : catalog_.archives())
            for (const catalog::LyingMessage& message :
                 catalog_.messages_lying_in(archive.object)) {
                if (elapsed() > timed_reading)
                    return rate();
                read(message.id);
            }
        return rate();
    }

private:
    void read(const crypto::ContentId& id)
    {
        try {
            bytes_ += library_.message(id).size();
        } catch (const Error& e) {  // `check` and the drawn messages tell of it
            log::debug("not timed: {}", e.what());
        }
    }

    DrillReport::Duration elapsed() const { return Clock::now() - begun_; }
    double rate() const { return static_cast<double>(bytes_) / elapsed().count(); }

    const catalog::Catalog& catalog_;
    ledger::Library library_;
    Clock::time_point begun_ = Clock::now();
    std::uint64_t bytes_ = 0;
};

FileLock lock_in(const std::filesystem::path& state)
{
    auto lock = FileLock::try_take(state / "drill.lock");
    if (!lock)
        throw Error(ErrorKind::locked, "another restore drill is at work here",
                    "wait until it has finished");
    return std::move(*lock);
}

}  // namespace

DrillReport::Duration DrillReport::whole_restore() const
{
    if (raw_bytes_per_second <= 0)
        return journal_time;
    return journal_time + Duration(static_cast<double>(raw_bytes) / raw_bytes_per_second);
}

BareHost::BareHost(const ledger::Paths& paths)
    : state_(paths.state / "drill"), lock_(lock_in(paths.state))
{
    std::filesystem::remove_all(state_);  // of a drill that was killed
    create_private_folders(state_);
    ledger_ = std::make_unique<ledger::Ledger>(ledger::Paths{.vault = paths.vault, .state = state_},
                                               ledger::Ledger::Mode::read);
}

BareHost::~BareHost()
{
    ledger_.reset();
    std::error_code ignored;  // the next drill removes what is left
    std::filesystem::remove_all(state_, ignored);
}

DrillReport drill(BareHost& host, const vault::ReaderKeys& keys, std::uint64_t count)
{
    ledger::Ledger& fresh = host.ledger();
    DrillReport report;
    const auto begun = Clock::now();
    fresh.rebuild_catalog(keys, {});
    report.journal_time = Clock::now() - begun;

    const catalog::Totals totals = fresh.catalog().totals();
    report.messages = totals.messages;
    report.raw_bytes = totals.raw_bytes;
    const std::vector<crypto::ContentId> drawn = draw(fresh.catalog(), count);
    report.drawn = drawn.size();
    Concerned concerned(fresh.catalog());
    for (FailedRead& failed : read_back(fresh, keys, drawn)) {
        if (failed.kind == ErrorKind::tampered)  // or a bad disk: `check`, which hashes the archive
            failed.kind = ErrorKind::damaged;    // whole, tells the two apart
        report.failed.push_back(finding_of(failed));
        concerned.add_lost(report.failed.back(), {failed.id});
    }
    report.raw_bytes_per_second = Timing(fresh, keys).bytes_per_second();
    return report;
}

}  // namespace mailhold::upkeep
