#pragma once
// Block tables as bytes. Blocks of one plain length, of which a shard has thousands, are a run: u32
// how many, u32 the plain length, u8 2 or 4, and so many bytes for each sealed length; all
// little-endian.

#include "mailhold/sealed/stream.hpp"

namespace mailhold::catalog {

ByteBuffer encoded(const sealed::BlockTable& blocks);
/// Throws damaged.
sealed::BlockTable decoded_blocks(Bytes bytes);

/// Of catalogs before version 6: u32 sealed and u32 plain length of each block.
sealed::BlockTable decoded_wide_blocks(Bytes bytes);

}  // namespace mailhold::catalog
