// Bounded pieces of a set of UIDs.

#include "fetch_chunks.hpp"

#include <algorithm>

#include "sequence_set.hpp"

namespace mailhold::imap {

namespace {

/// "4294967295:4294967295," is 22 characters; 320 of them stay below 8 KiB with the rest of the
/// line.
constexpr std::size_t max_ranges = 320;

Uid advanced(Uid uid, std::uint64_t by)
{
    return Uid{static_cast<std::uint32_t>(static_cast<std::uint32_t>(uid) + by)};
}

}  // namespace

std::vector<std::vector<UidRange>> chunks_of(const std::vector<UidRange>& ranges,
                                             std::uint64_t max_span)
{
    std::vector<std::vector<UidRange>> chunks;
    std::uint64_t room = 0;  // UIDs that the last chunk can still take
    for (UidRange rest : ranges) {
        const bool open_ended = rest.last == last_uid;
        for (;;) {
            if (chunks.empty() || room == 0 || chunks.back().size() == max_ranges) {
                chunks.emplace_back();
                room = max_span;
            }
            const std::uint64_t span = span_of(rest);
            if (open_ended || span <= room) {
                chunks.back().push_back(rest);
                room -= std::min(span, room);
                break;
            }
            chunks.back().push_back({rest.first, advanced(rest.first, room - 1)});
            rest.first = advanced(rest.first, room);
            room = 0;
        }
    }
    return chunks;
}

}  // namespace mailhold::imap
