#pragma once
// A fetched message made ready for the archive, by the thread that fetched it: hashed, its large
// parts taken out, and proven to join again.

#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/mail/searchable.hpp"

#include "message_texts.hpp"

namespace mailhold::ledger {

struct PreparedPart {
    crypto::PartId id;
    std::uint64_t offset = 0;  ///< in the skeleton
    std::string encoding;
    std::uint64_t size = 0;  ///< stored bytes
    ByteBuffer stored;       ///< empty when the catalog knows the part
};

struct PreparedMessage {
    crypto::AccountId account;
    vault::Placed placed;
    std::uint64_t size = 0;                      ///< raw bytes
    bool was_known = false;                      ///< the catalog has it: no content is held
    ByteBuffer content;                          ///< raw, or the skeleton when there are parts
    std::vector<PreparedPart> parts;             ///< offsets non-decreasing
    std::optional<mail::Searchable> searchable;  ///< where it is new, and there is an index

    std::uint64_t held_bytes() const;
};

/// Frees the raw bytes as soon as something smaller stands for them. `texts`: nullptr when there is
/// no index.
PreparedMessage prepare(Arrival arrival, const crypto::ContentHasher& hasher,
                        const catalog::Catalog& catalog, MessageTexts* texts);

}  // namespace mailhold::ledger
