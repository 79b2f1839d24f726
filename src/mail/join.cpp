// A message put together again from its skeleton and its parts.

#include "mailhold/mail/detach.hpp"

#include <functional>

#include "mailhold/base/error.hpp"
#include "part_encoding.hpp"

namespace mailhold::mail {

namespace {

struct ParsedPart {
    std::uint64_t offset = 0;
    PartEncoding encoding;
    Bytes stored;
};

/// nullopt for an unknown encoding, impossible offsets or too many parts.
std::optional<std::vector<ParsedPart>> parse_parts(Bytes skeleton,
                                                   const std::vector<JoinPart>& parts)
{
    if (parts.size() > max_detached_parts)
        return std::nullopt;
    std::vector<ParsedPart> parsed;
    parsed.reserve(parts.size());
    std::uint64_t offset = 0;
    for (const JoinPart& part : parts) {
        const auto encoding = PartEncoding::parse(part.encoding);
        if (!encoding || part.offset < offset || part.offset > skeleton.size())
            return std::nullopt;
        offset = part.offset;
        parsed.push_back({offset, *encoding, part.stored});
    }
    return parsed;
}

/// Hands the joined bytes to `sink` in order; false when it stopped.
bool for_each_piece(Bytes skeleton, const std::vector<ParsedPart>& parts,
                    const std::function<bool(Bytes)>& sink)
{
    std::size_t done = 0;
    for (const ParsedPart& part : parts) {
        if (!sink(skeleton.subspan(done, part.offset - done)))
            return false;
        done = part.offset;
        if (!for_each_raw_piece(part.encoding, part.stored, sink))
            return false;
    }
    return sink(skeleton.subspan(done));
}

std::uint64_t joined_bytes(Bytes skeleton, const std::vector<ParsedPart>& parts)
{
    std::uint64_t sum = skeleton.size();
    for (const ParsedPart& part : parts)
        sum += part.encoding.raw_bytes(part.stored.size());
    return sum;
}

}  // namespace

ByteBuffer join(Bytes skeleton, const std::vector<JoinPart>& parts, std::uint64_t limit_bytes)
{
    const auto parsed = parse_parts(skeleton, parts);
    if (!parsed)
        throw Error(ErrorKind::malformed, "a message's parts do not fit it");
    const std::uint64_t size = joined_bytes(skeleton, *parsed);
    if (size > limit_bytes)
        throw Error(ErrorKind::malformed, "a joined message is over the limit");
    ByteBuffer out;
    out.reserve(size);
    for_each_piece(skeleton, *parsed, [&](Bytes piece) {
        append(out, piece);
        return true;
    });
    return out;
}

bool joins_to(Bytes skeleton, const std::vector<JoinPart>& parts, Bytes raw)
{
    const auto parsed = parse_parts(skeleton, parts);
    if (!parsed || joined_bytes(skeleton, *parsed) != raw.size())
        return false;
    return for_each_piece(skeleton, *parsed, [&](Bytes piece) {
        if (!equal(piece, raw.first(piece.size())))
            return false;
        raw = raw.subspan(piece.size());
        return true;
    });
}

}  // namespace mailhold::mail
