// zstd frames: round trips, and everything a frame may not be.

#include <gtest/gtest.h>
#include <zstd.h>

#include "archive/sample_bytes.hpp"
#include "mailhold/archive/zstd.hpp"
#include "mailhold/base/encoding.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::archive {
namespace {

using Effort = FrameCompressor::Effort;
using test::noise;
using test::prose;

ByteBuffer framed(Bytes plain, Effort effort = Effort::fast)
{
    ByteBuffer frame;
    FrameCompressor(effort).compress_append(frame, plain);
    return frame;
}

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

/// A frame such as we do not make.
ByteBuffer foreign_frame(Bytes plain, std::initializer_list<std::pair<ZSTD_cParameter, int>> with)
{
    const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    for (const auto& [parameter, value] : with)
        ZSTD_CCtx_setParameter(context.get(), parameter, value);
    ByteBuffer frame(ZSTD_compressBound(plain.size()));
    frame.resize(
        ZSTD_compress2(context.get(), frame.data(), frame.size(), plain.data(), plain.size()));
    return frame;
}

std::optional<ErrorKind> kind_of_opening(Bytes frame, std::uint64_t expected_bytes)
{
    return test::kind_thrown_by([&] { return decompress_frame(frame, expected_bytes); });
}

TEST(Frame, RoundTripsEverySize)
{
    for (const Effort effort : {Effort::fast, Effort::archive}) {
        FrameCompressor compressor(effort);
        for (std::size_t size : {0, 1, 255, 256, 65'536, 65'791, 65'792, 1 << 20, (8 << 20) + 1}) {
            for (const ByteBuffer& plain : {noise(size), prose(size), ByteBuffer(size)}) {
                ByteBuffer frame = copy_of(bytes_of("ahead"));
                compressor.compress_append(frame, plain);
                const Bytes behind = Bytes(frame).subspan(5);
                EXPECT_LE(behind.size(), max_frame_bytes(size));
                EXPECT_EQ(announced_content_bytes(behind), size);
                EXPECT_TRUE(decompress_frame(behind, size) == plain) << size;
            }
        }
    }
}

TEST(Frame, FitsIntoRoomOfTheCaller)
{
    const ByteBuffer plain = prose(10'000);
    ByteBuffer room(max_frame_bytes(plain.size()) + 7);
    FrameCompressor compressor(Effort::archive);
    const std::size_t size = compressor.compress_to(room, plain);
    ByteBuffer again(plain.size());
    decompress_frame_to(again, Bytes(room).first(size));
    EXPECT_TRUE(again == plain);
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { return compressor.compress_to(std::span(room).first(20), plain); }),
              ErrorKind::bug);
}

TEST(Frame, AKnownFrameOpens)
{
    // "mailhold", as the zstd program writes it.
    const auto frame = from_hex("28b52ffd24084100006d61696c686f6c648857badc");
    ASSERT_TRUE(frame);
    EXPECT_EQ(text_of(decompress_frame(*frame, 8)), "mailhold");
    EXPECT_EQ(to_hex(framed(bytes_of("mailhold"))), to_hex(*frame));
}

TEST(Frame, TheExpectedLengthIsCheckedBeforeMemoryIsTaken)
{
    const ByteBuffer frame = framed(prose(1000));
    EXPECT_EQ(kind_of_opening(frame, 999), ErrorKind::malformed);
    EXPECT_EQ(kind_of_opening(frame, 1001), ErrorKind::malformed);
    EXPECT_EQ(kind_of_opening(frame, ~std::uint64_t{0}), ErrorKind::malformed);

    // A frame that claims 2^63 bytes, with a window that is allowed.
    const auto claim = from_hex("28b52ffdc4000000000000000080010000");
    ASSERT_TRUE(claim);
    EXPECT_EQ(announced_content_bytes(*claim), std::uint64_t{1} << 63);
    EXPECT_EQ(kind_of_opening(*claim, 1000), ErrorKind::malformed);
}

TEST(Frame, NoTruncationOpens)
{
    const ByteBuffer plain = prose(3000);
    const ByteBuffer frame = framed(plain);
    for (std::size_t size = 0; size < frame.size(); ++size)
        EXPECT_EQ(kind_of_opening(Bytes(frame).first(size), plain.size()), ErrorKind::malformed)
            << size;
}

TEST(Frame, OneFlippedBitNeverGivesOtherBytes)
{
    const ByteBuffer plain = prose(3000);
    const ByteBuffer frame = framed(plain);
    for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
        ByteBuffer changed = frame;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        try {
            // Some bits mean nothing to the content, such as the window descriptor's mantissa.
            EXPECT_TRUE(decompress_frame(changed, plain.size()) == plain) << bit;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::malformed) << bit;
        }
    }
}

TEST(Frame, MustBeExactlyOne)
{
    const ByteBuffer plain = prose(1000);
    ByteBuffer two = framed(plain);
    append(two, two);
    EXPECT_EQ(kind_of_opening(two, 1000), ErrorKind::malformed);
    EXPECT_EQ(kind_of_opening(two, 2000), ErrorKind::malformed);
    ByteBuffer longer = framed(plain);
    longer.push_back(std::byte{0});
    EXPECT_EQ(kind_of_opening(longer, 1000), ErrorKind::malformed);
    ByteBuffer skippable = *from_hex("502a4d1800000000");
    EXPECT_EQ(kind_of_opening(skippable, 0), ErrorKind::malformed);
    append(skippable, framed(plain));
    EXPECT_EQ(kind_of_opening(skippable, 1000), ErrorKind::malformed);
}

TEST(Frame, MustHaveContentSizeAndChecksumAndAModestWindow)
{
    const ByteBuffer plain = prose(9 << 20);
    const Bytes small = Bytes(plain).first(1000);
    EXPECT_EQ(kind_of_opening(foreign_frame(small, {}), small.size()), std::nullopt);
    EXPECT_EQ(kind_of_opening(foreign_frame(small, {{ZSTD_c_checksumFlag, 0}}), small.size()),
              ErrorKind::malformed);
    EXPECT_EQ(kind_of_opening(foreign_frame(small, {{ZSTD_c_contentSizeFlag, 0}}), small.size()),
              ErrorKind::malformed);
    EXPECT_EQ(kind_of_opening(foreign_frame(plain, {{ZSTD_c_windowLog, 23}}), plain.size()),
              std::nullopt);
    EXPECT_EQ(kind_of_opening(foreign_frame(plain, {{ZSTD_c_windowLog, 24}}), plain.size()),
              ErrorKind::malformed);
}

TEST(Frame, MayNotWantADictionary)
{
    ByteBuffer frame = framed(prose(1000));
    frame[4] |= std::byte{1};  // a dictionary id of one byte
    frame.insert(frame.begin() + 5, std::byte{9});
    EXPECT_EQ(kind_of_opening(frame, 1000), ErrorKind::malformed);
}

}  // namespace
}  // namespace mailhold::archive
