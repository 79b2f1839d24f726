// Sums over a block table, and the limits it must keep.

#include "layout.hpp"

#include <algorithm>

#include "block.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::sealed {

namespace {

constexpr std::size_t marks_apart = 32;

}  // namespace

Layout::Layout(Kind kind, std::uint64_t header_bytes, BlockTable blocks)
    : blocks_(std::move(blocks)), end_{.plain = 0, .file = header_bytes}
{
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        if (!is_allowed(kind, blocks_[i]) ||
            (i > 0 && !may_follow(kind, blocks_.front(), blocks_[i - 1], blocks_[i])))
            throw Error(ErrorKind::damaged, "block " + std::to_string(i) + " has a forbidden size");
        if (i % marks_apart == 0)
            marks_.push_back(end_);
        end_ = behind(end_, blocks_[i]);
    }
    if (file_end() > max_object_bytes ||
        (kind == Kind::journal && plain_length() > journal_limit_bytes))
        throw Error(ErrorKind::damaged, "a stream larger than its kind allows");
}

Layout::Place Layout::behind(Place start, Block block) noexcept
{
    return {.plain = start.plain + block.plain_bytes,
            .file = start.file + clen_bytes + block.sealed_bytes};
}

Layout::Place Layout::start_of(std::size_t index) const noexcept
{
    Place place = marks_[index / marks_apart];
    for (std::size_t i = index - index % marks_apart; i < index; ++i)
        place = behind(place, blocks_[i]);
    return place;
}

std::size_t Layout::block_at(std::uint64_t offset) const noexcept
{
    const auto after = std::ranges::upper_bound(marks_, offset, {}, &Place::plain);
    const auto mark = static_cast<std::size_t>(after - marks_.begin()) - 1;
    std::uint64_t end = marks_[mark].plain;
    std::size_t index = mark * marks_apart;
    while ((end += blocks_[index].plain_bytes) <= offset)
        ++index;
    return index;
}

std::pair<std::uint64_t, std::uint64_t> Layout::extent(std::size_t index) const noexcept
{
    return {start_of(index).file, clen_bytes + blocks_[index].sealed_bytes};
}

}  // namespace mailhold::sealed
