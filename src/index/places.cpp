// Four bytes for each term at a place: how many places further than the one before, and a hash.

#include "places.hpp"

#include <algorithm>
#include <limits>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::index {

namespace {

constexpr unsigned hash_bits = 28;
constexpr std::uint32_t hash_mask = (std::uint32_t{1} << hash_bits) - 1;
constexpr std::uint32_t leap = 15;  ///< upper bits: the lower ones are the step, and no term

constexpr std::size_t entry_bytes = sizeof(std::uint32_t);
constexpr unsigned place_shift = 32;

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

/// FNV-1a, its 64 bits folded.
std::uint32_t hash_of(std::string_view term) noexcept
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : term)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return static_cast<std::uint32_t>(hash ^ hash >> 32) & hash_mask;
}

void put(std::string& value, std::uint32_t upper, std::uint32_t lower)
{
    const std::uint32_t entry = upper << hash_bits | lower;
    for (unsigned shift = 0; shift < 32; shift += 8)
        value.push_back(static_cast<char>(entry >> shift));
}

}  // namespace

void PlacesWriter::add(std::string_view term, std::uint32_t place)
{
    standing_.push_back(std::uint64_t{place} << place_shift | hash_of(term));
}

std::string PlacesWriter::value() const
{
    std::vector<std::uint64_t> sorted = standing_;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::string value;
    value.reserve(sorted.size() * entry_bytes);
    std::uint32_t here = 0;
    for (const std::uint64_t standing : sorted) {
        const auto place = static_cast<std::uint32_t>(standing >> place_shift);
        std::uint32_t step = place - here;
        if (step >= leap) {
            put(value, leap, step);
            step = 0;
        }
        put(value, step, static_cast<std::uint32_t>(standing) & hash_mask);
        here = place;
    }
    return value;
}

PhraseFinder::PhraseFinder(const PhrasePlaces& places)
    : parts_(places.size()), ends_(2 * places.size())
{
    for (std::size_t part = 0; part < places.size(); ++part)
        for (const std::string& term : places[part])
            wanted_.push_back({.hash = hash_of(term), .part = part});
    std::ranges::sort(wanted_, {}, &Wanted::hash);
}

/// True when the phrase ends here.
bool PhraseFinder::take(std::uint32_t hash, std::uint32_t place)
{
    auto wanted = std::ranges::lower_bound(wanted_, hash, {}, &Wanted::hash);
    for (; wanted != wanted_.end() && wanted->hash == hash; ++wanted) {
        const std::size_t part = wanted->part;
        if (part > 0 && ends_[2 * (part - 1) + (place - 1) % 2] != place - 1)
            continue;
        if (part + 1 == parts_)
            return true;
        ends_[2 * part + place % 2] = place;
    }
    return false;
}

bool PhraseFinder::finds_in(std::string_view value)
{
    if (value.size() % entry_bytes != 0)
        throw Error(ErrorKind::damaged, "a document of the index has broken places");
    std::ranges::fill(ends_, nowhere);
    std::uint32_t place = 0;
    for (std::size_t at = 0; at < value.size(); at += entry_bytes) {
        const auto entry = read_le<std::uint32_t>(bytes_of(value), at);
        const std::uint32_t upper = entry >> hash_bits;
        const std::uint32_t lower = entry & hash_mask;
        place += upper == leap ? lower : upper;
        if (upper != leap && take(lower, place))
            return true;
    }
    return false;
}

}  // namespace mailhold::index
