#pragma once
// How a detached part's raw bytes came from its stored ones (docs/format.md, Archive content):
// "8", or "b64/<chars a line, 0 none>/<lf|crlf>/<0|1 final line end>".

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"

namespace mailhold::mail {

struct PartEncoding {
    bool is_base64 = false;
    std::uint64_t line_chars = 0;  ///< 0: one line
    bool is_crlf = false;
    bool has_final_line_end = false;

    std::string text() const;
    /// Only what text() writes; nullopt otherwise.
    static std::optional<PartEncoding> parse(std::string_view text);

    std::uint64_t raw_bytes(std::uint64_t stored_bytes) const;
};

/// Hands the raw bytes of a stored part to `sink` in pieces under 1 MiB; stops when it returns
/// false and returns that.
bool for_each_raw_piece(const PartEncoding& encoding, Bytes stored,
                        const std::function<bool(Bytes)>& sink);

/// The layout and the content of canonical base64, if encoding again gives exactly `raw`, which
/// ends in no line end.
struct DecodedPart {
    PartEncoding encoding;
    ByteBuffer stored;
};
std::optional<DecodedPart> decode_exactly(std::string_view raw);

}  // namespace mailhold::mail
