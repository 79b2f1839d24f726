#pragma once
// Compressors and their buffers, lent to whoever seals a block: their tables cost megabytes to
// make.

#include <memory>

#include "mailhold/archive/zstd.hpp"

namespace mailhold::sealed {

/// A compressor and the room to check its work.
struct Sealer {
    explicit Sealer(archive::FrameCompressor::Effort what) : effort(what), compressor(what) {}

    archive::FrameCompressor::Effort effort;
    archive::FrameCompressor compressor;
    ByteBuffer frame_room;  ///< the frame; later the opened block
    ByteBuffer plain_room;
};

/// The first `size` bytes of `buffer`, which only grows: no clearing for each block.
std::span<std::byte> room(ByteBuffer& buffer, std::size_t size);

/// Borrows a sealer from the process for as long as it lives. Threads may borrow at once.
class SealerLoan {
public:
    explicit SealerLoan(archive::FrameCompressor::Effort effort);
    SealerLoan(const SealerLoan&) = delete;
    SealerLoan& operator=(const SealerLoan&) = delete;
    ~SealerLoan();

    Sealer& operator*() const noexcept { return *sealer_; }

private:
    std::unique_ptr<Sealer> sealer_;
};

}  // namespace mailhold::sealed
