// Hashing and detaching: no state, so any number of threads may do it at once.

#include "prepared.hpp"

#include "mailhold/mail/detach.hpp"

namespace mailhold::ledger {

namespace {

std::vector<mail::JoinPart> join_parts(const mail::Detached& detached)
{
    std::vector<mail::JoinPart> parts;
    for (const mail::DetachedPart& part : detached.parts)
        parts.push_back({.offset = part.offset, .encoding = part.encoding, .stored = part.stored});
    return parts;
}

/// nullopt when the message is stored whole: nothing to take out, or joining would change a byte.
std::optional<mail::Detached> detach_provably(Bytes raw)
{
    if (raw.size() < mail::min_detached_bytes)
        return std::nullopt;
    auto detached = mail::detach(raw);
    if (!detached || !mail::joins_to(detached->skeleton, join_parts(*detached), raw))
        return std::nullopt;
    return detached;
}

std::uint64_t text_bytes(const mail::Searchable& message)
{
    std::uint64_t bytes = message.text.size();
    for (const mail::SearchableAttachment& attachment : message.attachments)
        bytes += attachment.text.size();
    return bytes;
}

}  // namespace

std::uint64_t PreparedMessage::held_bytes() const
{
    std::uint64_t bytes = content.size();
    for (const PreparedPart& part : parts)
        bytes += part.stored.size();
    return bytes + (searchable ? text_bytes(*searchable) : 0);
}

PreparedMessage prepare(Arrival arrival, const crypto::ContentHasher& hasher,
                        const catalog::Catalog& catalog, MessageTexts* texts)
{
    PreparedMessage message;
    message.account = arrival.account;
    message.placed = std::move(arrival.placed);
    message.placed.id = hasher.content_id(arrival.raw);
    message.size = arrival.raw.size();
    message.was_known = catalog.knows_message(message.placed.id);
    if (message.was_known)
        return message;
    if (texts != nullptr)
        message.searchable = texts->of(arrival.raw);
    auto detached = detach_provably(arrival.raw);
    if (!detached) {
        message.content = std::move(arrival.raw);
        return message;
    }
    arrival.raw = ByteBuffer();
    message.content = std::move(detached->skeleton);
    for (mail::DetachedPart& part : detached->parts) {
        PreparedPart& prepared = message.parts.emplace_back();
        prepared.id = hasher.part_id(part.stored);
        prepared.offset = part.offset;
        prepared.encoding = std::move(part.encoding);
        prepared.size = part.stored.size();
        prepared.stored = std::move(part.stored);
        if (catalog.knows_part(prepared.id))
            prepared.stored = ByteBuffer();
    }
    return message;
}

}  // namespace mailhold::ledger
