// Block tables to bytes and back.

#include "block_table.hpp"

namespace mailhold::catalog {

namespace {

constexpr std::size_t encoded_block_bytes = 8;

}  // namespace

ByteBuffer encoded(const sealed::BlockTable& blocks)
{
    ByteBuffer bytes;
    for (const sealed::Block& block : blocks) {
        append_le(bytes, block.sealed_bytes);
        append_le(bytes, block.plain_bytes);
    }
    return bytes;
}

sealed::BlockTable decoded_blocks(Bytes bytes)
{
    sealed::BlockTable blocks;
    blocks.reserve(bytes.size() / encoded_block_bytes);
    for (; bytes.size() >= encoded_block_bytes; bytes = bytes.subspan(encoded_block_bytes))
        blocks.push_back({.sealed_bytes = read_le<std::uint32_t>(bytes, 0),
                          .plain_bytes = read_le<std::uint32_t>(bytes, 4)});
    return blocks;
}

}  // namespace mailhold::catalog
