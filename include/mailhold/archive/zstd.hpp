#pragma once
// zstd frames as docs/format.md wants them: content size known, checksum, no dictionary, windowLog
// <= 23.

#include <cstdint>
#include <memory>
#include <span>

#include "mailhold/base/bytes.hpp"

namespace mailhold::archive {

/// Compresses independent frames. Not for sharing by threads; reuse one, its tables cost megabytes.
class FrameCompressor {
public:
    enum class Effort { fast, archive };  ///< `fast` for journal and shards, `archive` for mail

    explicit FrameCompressor(Effort effort);
    FrameCompressor(FrameCompressor&&) noexcept;
    FrameCompressor& operator=(FrameCompressor&&) noexcept;
    ~FrameCompressor();

    /// Appends exactly one frame to `out`.
    void compress_append(ByteBuffer& out, Bytes plain);

    /// Writes exactly one frame to the beginning of `out`, at least max_frame_bytes(plain.size())
    /// long; returns the frame's length. For callers that reuse one large buffer.
    std::size_t compress_to(std::span<std::byte> out, Bytes plain);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The longest frame that `plain_bytes` bytes can become.
std::size_t max_frame_bytes(std::size_t plain_bytes) noexcept;

/// The content of exactly one frame. Throws malformed when it is not exactly one, lacks content
/// size or checksum, wants a dictionary or a window over 8 MiB, fails its checksum, or would be
/// other than `expected_bytes` long (checked before memory is taken).
ByteBuffer decompress_frame(Bytes frame, std::uint64_t expected_bytes);

/// The same into `out`, whose length is the expected one.
void decompress_frame_to(std::span<std::byte> out, Bytes frame);

/// The content length that a frame's header announces. Throws malformed like decompress_frame.
std::uint64_t announced_content_bytes(Bytes frame);

}  // namespace mailhold::archive
