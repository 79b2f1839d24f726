#pragma once
// What a spliced message needs to be joined again: in the archive entry's own metadata, for readers
// of the mail, and as a record in the journal, for those who must know which messages a lost part
// concerns (docs/format.md, Archive content).

#include <string>
#include <string_view>
#include <vector>

#include "mailhold/crypto/types.hpp"
#include "mailhold/vault/event.hpp"

namespace mailhold::ledger {

struct SplicedPart {
    std::uint64_t offset = 0;  ///< in the skeleton
    crypto::PartId id;
    std::string encoding;
};

/// Appends the metadata line {"e":"splice","parts":[[offset,id,encoding],…]}.
void append_splice_line(std::string& meta, const std::vector<SplicedPart>& parts);

/// Finds that line among an entry's metadata lines. Throws damaged when it is missing or broken.
std::vector<SplicedPart> parse_splice(std::string_view meta);

/// Space of the journal's records that say which parts a message has: key the content id, value the
/// part ids.
inline constexpr std::string_view splice_space = "splice";

vault::Record splice_record(const crypto::ContentId& id, const std::vector<crypto::PartId>& parts);

struct MessageParts {
    crypto::ContentId id;
    std::vector<crypto::PartId> parts;
};
/// Throws malformed.
MessageParts parse_splice_record(const vault::Record& record);

}  // namespace mailhold::ledger
