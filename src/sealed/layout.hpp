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
    std::uint64_t plain_length() const noexcept { return plain_starts_.back(); }
    /// Where the last data block ends in the file.
    std::uint64_t file_end() const noexcept { return file_starts_.back(); }

    /// Index of the block that holds plain byte `offset`, which is in the stream.
    std::size_t block_at(std::uint64_t offset) const noexcept;
    std::uint64_t plain_start(std::size_t index) const noexcept { return plain_starts_[index]; }
    /// File offset and length, with clen.
    std::pair<std::uint64_t, std::uint64_t> extent(std::size_t index) const noexcept;

private:
    BlockTable blocks_;
    std::vector<std::uint64_t> plain_starts_{0};  // one more than blocks
    std::vector<std::uint64_t> file_starts_{0};
};

}  // namespace mailhold::sealed
