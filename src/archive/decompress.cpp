// zstd frames in, with the limits of docs/format.md, Sealed stream, checked before memory is taken.

#include <array>

#include <zstd.h>

#include "mailhold/archive/zstd.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::archive {
namespace {

constexpr std::uint64_t max_window_bytes = 8 * mebibyte;
constexpr std::uint32_t frame_magic = 0xFD2FB528;

[[noreturn]] void refuse(const std::string& why)
{
    throw Error(ErrorKind::malformed, "zstd frame: " + why);
}

/// RFC 8878, 3.1.1.1: what a frame says of itself. zstd's own parser of it is no part of its stable
/// interface.
class FrameHeader {
public:
    explicit FrameHeader(Bytes frame) : frame_(frame)
    {
        if (frame.size() < 6 || read_le<std::uint32_t>(frame, 0) != frame_magic)
            refuse("bad magic number");
        const auto descriptor = std::to_integer<unsigned>(frame[4]);
        if ((descriptor & 0x08) != 0)
            refuse("reserved bit set");
        if ((descriptor & 0x04) == 0)
            refuse("no checksum");
        if ((descriptor & 0x03) != 0)
            refuse("wants a dictionary");
        const bool single_segment = (descriptor & 0x20) != 0;
        const std::size_t size_offset = single_segment ? 5 : 6;
        content_bytes_ = read_content_bytes(descriptor >> 6, single_segment, size_offset);
        const std::uint64_t window = single_segment ? content_bytes_ : window_bytes();
        if (window > max_window_bytes)
            refuse("window too large");
    }

    std::uint64_t content_bytes() const { return content_bytes_; }

private:
    std::uint64_t read_content_bytes(unsigned flag, bool single_segment, std::size_t offset) const
    {
        if (flag == 0 && !single_segment)
            refuse("no content size");
        constexpr std::array<std::size_t, 4> field_bytes{1, 2, 4, 8};
        if (frame_.size() < offset + field_bytes[flag])
            refuse("truncated");
        switch (flag) {
        case 0:
            return read_le<std::uint8_t>(frame_, offset);
        case 1:
            return read_le<std::uint16_t>(frame_, offset) + std::uint64_t{256};
        case 2:
            return read_le<std::uint32_t>(frame_, offset);
        default:
            return read_le<std::uint64_t>(frame_, offset);
        }
    }

    std::uint64_t window_bytes() const
    {
        const auto descriptor = std::to_integer<unsigned>(frame_[5]);
        const std::uint64_t base = std::uint64_t{1} << (10 + (descriptor >> 3));
        return base + base / 8 * (descriptor & 7);
    }

    Bytes frame_;
    std::uint64_t content_bytes_ = 0;
};

struct FreeContext {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

/// One a thread: a context is 160 KB to clear, and search opens many 64 KiB blocks.
ZSTD_DCtx* thread_context()
{
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    if (!context)
        throw Error(ErrorKind::storage, "no memory left to decompress");
    return context.get();
}

/// Throws unless `frame` is exactly one frame of `expected_bytes`.
void check_frame(Bytes frame, std::uint64_t expected_bytes)
{
    if (announced_content_bytes(frame) != expected_bytes)
        refuse("content size differs from the expected one");
    if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
        refuse("not exactly one frame");
}

void decompress_checked(std::span<std::byte> out, Bytes frame)
{
    const std::size_t result =
        ZSTD_decompressDCtx(thread_context(), out.data(), out.size(), frame.data(), frame.size());
    if (ZSTD_isError(result) != 0)
        refuse(ZSTD_getErrorName(result));
    if (result != out.size())
        refuse("content shorter than announced");
}

}  // namespace

std::uint64_t announced_content_bytes(Bytes frame)
{
    return FrameHeader(frame).content_bytes();
}

void decompress_frame_to(std::span<std::byte> out, Bytes frame)
{
    check_frame(frame, out.size());
    decompress_checked(out, frame);
}

ByteBuffer decompress_frame(Bytes frame, std::uint64_t expected_bytes)
{
    check_frame(frame, expected_bytes);
    ByteBuffer plain(expected_bytes);
    decompress_checked(plain, frame);
    return plain;
}

}  // namespace mailhold::archive
