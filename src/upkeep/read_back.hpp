#pragma once
// Reads messages back from the vault and says which ones fail.

#include <string>
#include <vector>

#include "mailhold/base/error.hpp"
#include "mailhold/ledger/ledger.hpp"
#include "mailhold/upkeep/check.hpp"

namespace mailhold::upkeep {

struct FailedRead {
    crypto::ContentId id;
    ErrorKind kind = ErrorKind::damaged;
    std::string why;
};

/// Every message is opened, joined and compared with its content id, in the order they lie in the
/// archives.
std::vector<FailedRead> read_back(ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                                  const std::vector<crypto::ContentId>& messages);

/// What a report says of it, but for whose mail it is.
Finding finding_of(const FailedRead& failed);

}  // namespace mailhold::upkeep
