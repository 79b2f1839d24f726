#pragma once
// Where the blocks of a stream lie, in the file and in the plain stream.

#include <utility>

#include "mailhold/sealed/stream.hpp"

namespace mailhold::sealed {

class Layout {
public:
    Layout() = default;

    /// Throws damaged when no stream of this kind can have such blocks.
    Layout(Kind kind, std::uint64_t header_bytes, BlockTable blocks);

    const BlockTable& blocks() const noexcept { return blocks_; }
    std::uint64_t plain_length() const noexcept { return end_.plain; }
    /// Where the last data block ends in the file.
    std::uint64_t file_end() const noexcept { return end_.file; }

    /// Index of the block that holds plain byte `offset`, which is in the stream.
    std::size_t block_at(std::uint64_t offset) const noexcept;
    std::uint64_t plain_start(std::size_t index) const noexcept { return start_of(index).plain; }
    /// File offset and length, with clen.
    std::pair<std::uint64_t, std::uint64_t> extent(std::size_t index) const noexcept;

private:
    struct Place {
        std::uint64_t plain = 0;
        std::uint64_t file = 0;
    };

    static Place behind(Place start, Block block) noexcept;
    Place start_of(std::size_t index) const noexcept;

    BlockTable blocks_;
    std::vector<Place> marks_;  // where every marks_apart-th block starts; a shard has thousands
    Place end_;
};

}  // namespace mailhold::sealed
