#pragma once
// Finding what a person named: an account by address, a message by the start of its id.

#include <string>
#include <string_view>
#include <vector>

#include "mailhold/ledger/ledger.hpp"

namespace mailhold::cli {

/// Throws not_found with the addresses that come near.
catalog::AccountRow find_account(const ledger::Ledger& ledger, std::string_view address);

/// A content id, or any unique prefix of at least 6 hex digits. Throws usage, not_found.
crypto::ContentId find_message(const ledger::Ledger& ledger, std::string_view prefix);

/// One place where a message lies, with names for people.
struct Lying {
    std::string address;
    std::string folder;
    catalog::PlacementRow placement;
};
std::vector<Lying> where_it_lies(const catalog::Catalog& catalog, const crypto::ContentId& id);

}  // namespace mailhold::cli
