#pragma once
// The restore drill: what would come back if this host burnt down, tried with a few messages.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "mailhold/base/file.hpp"
#include "mailhold/ledger/ledger.hpp"
#include "mailhold/upkeep/check.hpp"

namespace mailhold::upkeep {

struct DrillReport {
    using Duration = std::chrono::duration<double>;

    std::uint64_t messages = 0;       ///< in the vault, as its journal tells
    std::uint64_t raw_bytes = 0;      ///< theirs
    std::uint64_t drawn = 0;          ///< messages restored, or tried
    std::vector<Finding> failed;      ///< one for each of those that did not come back
    Duration journal_time{};          ///< to read the whole journal
    double raw_bytes_per_second = 0;  ///< of messages read in the order they lie in; 0: too few

    /// How long it would take to have every message's bytes again on this machine, sending them to
    /// a server not counted.
    Duration whole_restore() const;
};

/// The vault as a host sees it that has nothing but the store: its state folder was empty, and is
/// removed at the end.
class BareHost {
public:
    /// Makes its state folder below that of `paths`. Throws locked when another one is there;
    /// tampered, damaged, storage as Ledger does.
    explicit BareHost(const ledger::Paths& paths);
    ~BareHost();

    ledger::Ledger& ledger() { return *ledger_; }

private:
    std::filesystem::path state_;
    FileLock lock_;
    std::unique_ptr<ledger::Ledger> ledger_;
};

/// Reads the whole journal, and then `count` messages drawn at random: each is opened, joined and
/// compared with its content id. Last it times reading in order, for two seconds at most. Changes
/// nothing in the store.
[[nodiscard]] DrillReport drill(BareHost& host, const vault::ReaderKeys& keys, std::uint64_t count);

}  // namespace mailhold::upkeep
