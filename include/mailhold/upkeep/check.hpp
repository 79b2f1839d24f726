#pragma once
// Is the vault whole and untouched? What check found is its answer, not an exception
// (docs/format.md, What check answers).

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mailhold/base/error.hpp"
#include "mailhold/ledger/ledger.hpp"

namespace mailhold::upkeep {

/// Worst last in the order of exit codes 0, 14, 3, 4, 5: see CheckReport::exit_code().
enum class Severity { harmless, too_new, damage, tampering, unreadable };

struct Finding {
    Severity severity = Severity::harmless;
    std::string kind;    ///< stable word: "orphan", "leftover", "missing", "truncated", "damaged",
                         ///< "tampered", "fork", "rollback" …
    std::string object;  ///< name in the store; may be empty
    std::string detail;  ///< one sentence for people
    std::vector<std::string> accounts;        ///< addresses whose mail is concerned
    std::vector<crypto::ContentId> messages;  ///< not readable from anywhere else
    std::uint64_t messages_elsewhere = 0;     ///< concerned, and still readable
    std::string next;                         ///< the next step
};

struct CheckReport {
    std::uint64_t objects = 0;        ///< looked at
    std::uint64_t messages = 0;       ///< in sound archives, as far as this check could see
    std::uint64_t read_messages = 0;  ///< opened and compared with their content id (--read-data)
    std::vector<Finding> findings;
    bool with_key = false;

    int exit_code() const;        ///< 0, 3, 4, 5 or 14
    std::string verdict() const;  ///< "clean", "damage", "tampering", "unreadable", "too new"
};

struct CheckOptions {
    const vault::ReaderKeys* keys = nullptr;  ///< nullptr: the keyless part
    unsigned read_data_percent =
        0;  ///< with keys: share of archives whose every message is read back
    std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)> progress;
};

/// Reads every object, so its time is the vault's size over the disk's speed. Changes nothing in
/// the store; remembers in the catalog which archives were found whole (`status` counts them as
/// verified).
[[nodiscard]] CheckReport check(ledger::Ledger& ledger, const CheckOptions& options);

/// The report on a vault whose root log cannot be read or trusted: that one finding.
CheckReport unopenable(const Error& error);

}  // namespace mailhold::upkeep
