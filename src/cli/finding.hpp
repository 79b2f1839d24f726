#pragma once
// What commands that search share: the query read, the vault unlocked, its index open.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "mailhold/index/index.hpp"
#include "mailhold/search/resolve.hpp"

#include "session.hpp"

namespace mailhold::cli {

/// A query as it was typed, understood; before a passphrase is asked for.
struct Question {
    std::string text;
    search::Parsed parsed;
};

/// Throws search::QueryError, after it has shown on stderr the query and a mark below the place
/// that is wrong.
Question read_question(const std::vector<std::string>& arguments);

/// Says on stderr what may be meant otherwise. Throws as read_question() does.
search::Resolved resolve_question(const Question& question, const catalog::Catalog& catalog);

/// `ledger` and `keys` outlive it.
index::Index open_index(Session& session, ledger::Ledger& ledger, const vault::ReaderKeys& keys);

/// The vault and its index, open. Asks for the passphrase where the vault is locked.
class Finding {
public:
    explicit Finding(Session& session);

    ledger::Ledger& ledger() { return *ledger_; }
    const catalog::Catalog& catalog() const { return ledger_->catalog(); }
    const vault::ReaderKeys& keys() const { return keys_; }
    const index::Index& index() const { return index_; }
    const index::Languages& languages() const { return languages_; }

    /// One line with -v: shards, bytes read, time since the vault was open.
    void tell_costs() const;
    double seconds() const;

private:
    std::unique_ptr<ledger::Ledger> ledger_;
    vault::ReaderKeys keys_;
    std::chrono::steady_clock::time_point started_;
    index::Languages languages_;
    index::Index index_;
};

}  // namespace mailhold::cli
