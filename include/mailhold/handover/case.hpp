#pragma once
// A handover as a case: who takes over what from whom, and what came of it so far. Kept in the
// journal; sealed but for what `status` needs (docs/format.md, Cases).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/catalog/catalog.hpp"
#include "mailhold/crypto/types.hpp"
#include "mailhold/handover/successor.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/ledger/ledger.hpp"
#include "mailhold/vault/event.hpp"
#include "mailhold/vault/keys.hpp"

namespace mailhold::handover {

/// What was asked for; the same order is the same case.
struct Order {
    std::string leaver = {};  ///< address, lower case
    std::vector<Successor> successors = {};
    std::vector<std::string> folders = {};   ///< patterns; empty: all
    std::optional<Time> since = {};          ///< what arrived before is left out
    std::string exclude = {};                ///< a query that finds what is private; empty: nothing
    std::optional<Time> as_of = {};          ///< begins with the state of then
    std::optional<std::string> prefix = {};  ///< as given; nullopt: made of the leaver's name

    bool operator==(const Order&) const = default;
};

/// What one run came to, over all successors.
struct CaseRun {
    Time time{};  ///< when its mail was looked up: what came later waits
    std::uint64_t planned = 0;
    std::uint64_t uploaded = 0;
    std::uint64_t already_there = 0;
    std::uint64_t verified = 0;
    std::uint64_t failed = 0;
    std::uint64_t missing = 0;  ///< planned and not known to be there
    std::uint64_t bytes = 0;    ///< raw, of uploaded

    bool operator==(const CaseRun&) const = default;
};

struct Case {
    std::string id;  ///< 6 hex digits
    crypto::AccountId leaver = {};
    Order order = {};
    std::string leaver_name = {};  ///< as they wrote it; may be empty
    std::string prefix = {};       ///< levels above all folders on the target; empty: none
    Time opened{};
    Time begins{};  ///< the state of then, and all that came later
    /// When the purge was found that `begins` lies before.
    std::optional<Time> purge = {};
    std::vector<CaseRun> runs = {};
    std::optional<Time> closed = {};

    bool operator==(const Case&) const = default;
};

inline constexpr std::string_view case_space = "handover";

/// What the catalog tells without keys.
struct CaseOutline {
    std::string id;
    crypto::AccountId leaver;
    Time opened{};
    bool is_closed = false;
    std::uint64_t runs = 0;
    std::optional<Time> seen = {};  ///< time of the last run
    std::uint64_t missing = 0;      ///< of that run
};

/// Sealed to the vault's present epoch, with what CaseOutline has in the clear.
vault::Record record_of(const Case& handover_case, const vault::WriterKit& kit);
/// Throws wrong_key (another epoch's), malformed, tampered (sealed for another case).
Case case_of(std::string_view id, std::string_view json, const vault::ReaderKeys& keys);
/// Throws malformed.
CaseOutline outline_of(std::string_view id, std::string_view json);

/// All, the oldest first. Throws as case_of().
std::vector<Case> cases(const catalog::Catalog& catalog, const vault::ReaderKeys& keys);
std::vector<CaseOutline> outlines(const catalog::Catalog& catalog);

/// One that no case has.
std::string new_case_id(const catalog::Catalog& catalog);

/// Makes the case's present state durable: one commit. `ledger` is open for writing.
ledger::Commit keep(ledger::Ledger& ledger, const Case& handover_case);

/// How many messages came to the account after `seen`, wherever they lie.
std::uint64_t messages_since(const catalog::Catalog& catalog, const crypto::AccountId& account,
                             Time seen);

/// With which state of an account a handover begins.
struct Beginning {
    Time at{};
    std::optional<Time> purge = {};  ///< when the purge was found that it lies before
};

/// Before the purge, where one was recorded in the year before `opened`: before the first of those
/// in the 30 days up to the last one, and before all that vanished in the day up to that. Else
/// `opened`.
Beginning beginning_of(const catalog::Catalog& catalog, const crypto::AccountId& account,
                       Time opened);

}  // namespace mailhold::handover
