#pragma once
// The property every detached message must have.

#include <string_view>
#include <vector>

#include "mailhold/mail/detach.hpp"

namespace mailhold::test {

inline std::vector<mail::JoinPart> parts_of(const mail::Detached& detached)
{
    std::vector<mail::JoinPart> parts;
    for (const mail::DetachedPart& part : detached.parts)
        parts.push_back({part.offset, part.encoding, part.stored});
    return parts;
}

/// Joined whole and compared piece by piece: both give `raw`.
inline bool joins_back(const mail::Detached& detached, std::string_view raw)
{
    const auto parts = parts_of(detached);
    return mail::joins_to(detached.skeleton, parts, bytes_of(raw)) &&
           equal(mail::join(detached.skeleton, parts, raw.size()), bytes_of(raw));
}

}  // namespace mailhold::test
