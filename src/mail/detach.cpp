// Which bytes leave a message, and in what form.
//
// A part is a leaf's body without blank lines and blanks at either end: how a mailer surrounds a
// file must not make two parts of one file.

#include "mailhold/mail/detach.hpp"

#include "part_encoding.hpp"
#include "structure.hpp"

namespace mailhold::mail {

namespace {

/// A body without what surrounds it.
std::string_view core_of(std::string_view body)
{
    const std::size_t first = body.find_first_not_of("\r\n");
    if (first == std::string_view::npos)
        return {};
    const std::size_t last = body.find_last_not_of(" \t\r\n");
    if (last == std::string_view::npos || last < first)
        return {};
    return body.substr(first, last - first + 1);
}

struct Region {
    std::string_view core;
    bool is_base64 = false;  ///< says the header
};

/// What is worth taking out, in order and without overlap.
std::vector<Region> regions_of(std::string_view raw)
{
    std::vector<Region> regions;
    for (const Entity& entity : entities_of(raw)) {
        const std::string_view core = entity.is_message ? std::string_view{} : core_of(entity.body);
        if (core.size() >= min_detached_bytes && regions.size() < max_detached_parts)
            regions.push_back({core, entity.encoding == "base64"});
    }
    return regions;
}

DetachedPart part_of(const Region& region)
{
    DetachedPart part;
    if (region.is_base64) {
        if (auto decoded = decode_exactly(region.core)) {
            part.encoding = decoded->encoding.text();
            part.stored = std::move(decoded->stored);
            return part;
        }
    }
    part.encoding = PartEncoding{}.text();
    part.stored = copy_of(bytes_of(region.core));
    return part;
}

}  // namespace

std::optional<Detached> detach(Bytes raw)
{
    if (raw.size() < min_detached_bytes)
        return std::nullopt;
    const std::vector<Region> regions = regions_of(text_of(raw));
    if (regions.empty())
        return std::nullopt;

    std::size_t taken = 0;
    for (const Region& region : regions)
        taken += region.core.size();
    Detached detached;
    detached.skeleton.reserve(raw.size() - taken);
    Bytes rest = raw;
    for (const Region& region : regions) {
        const Bytes core = bytes_of(region.core);
        append(detached.skeleton, rest.first(static_cast<std::size_t>(core.data() - rest.data())));
        rest = {core.data() + core.size(), rest.data() + rest.size()};
        detached.parts.push_back(part_of(region));
        detached.parts.back().offset = detached.skeleton.size();
    }
    append(detached.skeleton, rest);
    return detached;
}

}  // namespace mailhold::mail
