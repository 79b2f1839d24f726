// Sums over a block table, and the limits it must keep.

#include "layout.hpp"

#include <algorithm>

#include "block.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::sealed {

Layout::Layout(Kind kind, std::uint64_t header_bytes, BlockTable blocks)
    : blocks_(std::move(blocks)), file_starts_{header_bytes}
{
    plain_starts_.reserve(blocks_.size() + 1);
    file_starts_.reserve(blocks_.size() + 1);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        if (!is_allowed(kind, blocks_[i]) ||
            (i > 0 && !may_follow(kind, blocks_.front(), blocks_[i - 1], blocks_[i])))
            throw Error(ErrorKind::damaged, "block " + std::to_string(i) + " has a forbidden size");
        plain_starts_.push_back(plain_starts_.back() + blocks_[i].plain_bytes);
        file_starts_.push_back(file_starts_.back() + clen_bytes + blocks_[i].sealed_bytes);
    }
    if (file_end() > max_object_bytes ||
        (kind == Kind::journal && plain_length() > journal_limit_bytes))
        throw Error(ErrorKind::damaged, "a stream larger than its kind allows");
}

std::size_t Layout::block_at(std::uint64_t offset) const noexcept
{
    const auto after = std::upper_bound(plain_starts_.begin(), plain_starts_.end(), offset);
    return static_cast<std::size_t>(after - plain_starts_.begin()) - 1;
}

std::pair<std::uint64_t, std::uint64_t> Layout::extent(std::size_t index) const noexcept
{
    return {file_starts_[index], file_starts_[index + 1] - file_starts_[index]};
}

}  // namespace mailhold::sealed
