#pragma once
// Takes large attachments out of a message and puts them back byte for byte (docs/format.md,
// Archive content).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/bytes.hpp"

namespace mailhold::mail {

inline constexpr std::size_t min_detached_bytes = 32'768;  ///< raw bytes of a MIME leaf body
inline constexpr std::size_t max_detached_parts = 1'000;

struct DetachedPart {
    std::uint64_t offset = 0;  ///< in the skeleton: where the part's raw bytes are put back
    std::string encoding;      ///< "8", or "b64/<chars a line>/<lf|crlf>/<0|1 final line end>"
    ByteBuffer stored;         ///< decoded, or the raw bytes
};

struct Detached {
    ByteBuffer skeleton;
    std::vector<DetachedPart> parts;  ///< offsets non-decreasing
};

/// nullopt when there is nothing to take out. Never throws for odd mail. Does not prove that
/// joining gives the same bytes: the caller must ask joins_to().
std::optional<Detached> detach(Bytes raw);

struct JoinPart {
    std::uint64_t offset = 0;
    std::string encoding;
    Bytes stored;
};

/// The message again. Throws malformed for an unknown encoding or impossible offsets, or a result
/// over `limit_bytes`.
ByteBuffer join(Bytes skeleton, const std::vector<JoinPart>& parts, std::uint64_t limit_bytes);

/// True when joining gives exactly `raw`; holds at most 1 MiB of the joined bytes at a time.
bool joins_to(Bytes skeleton, const std::vector<JoinPart>& parts, Bytes raw);

}  // namespace mailhold::mail
