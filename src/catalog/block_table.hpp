#pragma once
// Block tables as bytes: two little-endian numbers a block.

#include "mailhold/sealed/stream.hpp"

namespace mailhold::catalog {

ByteBuffer encoded(const sealed::BlockTable& blocks);
sealed::BlockTable decoded_blocks(Bytes bytes);

}  // namespace mailhold::catalog
