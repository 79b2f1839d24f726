#pragma once
// Block tables as bytes, all numbers little-endian.

#include "mailhold/sealed/stream.hpp"

namespace mailhold::catalog {

/// Of an archive, whose blocks are few and of any length: u32 sealed and u32 plain length of each.
ByteBuffer encoded(const sealed::BlockTable& blocks);
sealed::BlockTable decoded_blocks(Bytes bytes);

/// Of a shard, which has thousands of one plain length: runs of such, each u32 how many, u32 the
/// plain length, u8 2 or 4, and so many bytes for each sealed length.
ByteBuffer encoded_runs(const sealed::BlockTable& blocks);
/// Throws damaged.
sealed::BlockTable decoded_runs(Bytes bytes);

}  // namespace mailhold::catalog
