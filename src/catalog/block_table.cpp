// Block tables to bytes and back.

#include "block_table.hpp"

#include <algorithm>
#include <limits>

#include "mailhold/base/error.hpp"

namespace mailhold::catalog {

namespace {

using sealed::Block;
using sealed::BlockTable;
using Blocks = std::span<const Block>;

constexpr std::size_t run_header_bytes = 9;
constexpr std::size_t encoded_block_bytes = 8;

/// The blocks at the beginning that have one plain length.
Blocks first_run(Blocks blocks)
{
    const auto end = std::ranges::find_if(blocks, [&](const Block& block) {
        return block.plain_bytes != blocks.front().plain_bytes;
    });
    return blocks.first(static_cast<std::size_t>(end - blocks.begin()));
}

template <class Number>
void append_sealed_lengths(ByteBuffer& bytes, Blocks run)
{
    append_le(bytes, static_cast<std::uint8_t>(sizeof(Number)));
    for (const Block& block : run)
        append_le(bytes, static_cast<Number>(block.sealed_bytes));
}

void append_run(ByteBuffer& bytes, Blocks run)
{
    append_le(bytes, static_cast<std::uint32_t>(run.size()));
    append_le(bytes, run.front().plain_bytes);
    const bool are_short = std::ranges::all_of(run, [](const Block& block) {
        return block.sealed_bytes <= std::numeric_limits<std::uint16_t>::max();
    });
    if (are_short)
        append_sealed_lengths<std::uint16_t>(bytes, run);
    else
        append_sealed_lengths<std::uint32_t>(bytes, run);
}

[[noreturn]] void report_damage()
{
    throw Error(ErrorKind::damaged, "a block table in the catalog is damaged",
                "build it anew from the vault: mailhold rebuild");
}

/// Takes as many numbers from the front of `bytes`, which has them, as sealed lengths.
template <class Number>
void add_run(BlockTable& blocks, std::size_t count, std::uint32_t plain_bytes, Bytes& bytes)
{
    for (std::size_t i = 0; i < count; ++i)
        blocks.push_back({.sealed_bytes = read_le<Number>(bytes, i * sizeof(Number)),
                          .plain_bytes = plain_bytes});
    bytes = bytes.subspan(count * sizeof(Number));
}

}  // namespace

ByteBuffer encoded(const BlockTable& blocks)
{
    ByteBuffer bytes;
    for (const Block& block : blocks) {
        append_le(bytes, block.sealed_bytes);
        append_le(bytes, block.plain_bytes);
    }
    return bytes;
}

BlockTable decoded_blocks(Bytes bytes)
{
    BlockTable blocks;
    blocks.reserve(bytes.size() / encoded_block_bytes);
    for (; bytes.size() >= encoded_block_bytes; bytes = bytes.subspan(encoded_block_bytes))
        blocks.push_back({.sealed_bytes = read_le<std::uint32_t>(bytes, 0),
                          .plain_bytes = read_le<std::uint32_t>(bytes, 4)});
    return blocks;
}

ByteBuffer encoded_runs(const BlockTable& blocks)
{
    ByteBuffer bytes;
    for (Blocks left = blocks; !left.empty();) {
        const Blocks run = first_run(left);
        append_run(bytes, run);
        left = left.subspan(run.size());
    }
    return bytes;
}

BlockTable decoded_runs(Bytes bytes)
{
    BlockTable blocks;
    while (!bytes.empty()) {
        if (bytes.size() < run_header_bytes)
            report_damage();
        const std::size_t count = read_le<std::uint32_t>(bytes, 0);
        const auto plain_bytes = read_le<std::uint32_t>(bytes, 4);
        const auto number_bytes = read_le<std::uint8_t>(bytes, 8);
        bytes = bytes.subspan(run_header_bytes);
        if ((number_bytes != 2 && number_bytes != 4) || bytes.size() / number_bytes < count)
            report_damage();
        if (number_bytes == 2)
            add_run<std::uint16_t>(blocks, count, plain_bytes, bytes);
        else
            add_run<std::uint32_t>(blocks, count, plain_bytes, bytes);
    }
    return blocks;
}

}  // namespace mailhold::catalog
