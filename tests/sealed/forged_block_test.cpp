// Streams sealed with the right keys by a faulty or hostile writer: authentic, and broken inside.

#include <functional>

#include <gtest/gtest.h>

#include "block.hpp"
#include "footer.hpp"
#include "mailhold/archive/zstd.hpp"
#include "sealed/sample_stream.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::sealed {
namespace {

/// Makes archives by hand.
struct Forger {
    SampleKeys keys;
    crypto::SecretBytes k0 = crypto::random_secret(32);
    ByteBuffer header = make_header();
    BlockCipher cipher{keys.key_p.view(), k0.view(), header, decode_header(header).uid};

    ByteBuffer make_header() const
    {
        Header fields = header_of(Kind::archive);
        fields.recipient = recipient_of(keys.vault_pair.public_key);
        std::ranges::copy(crypto::box_seal(keys.vault_pair.public_key, k0.view()),
                          fields.sealed_key.begin());
        return encode(fields);
    }

    static ByteBuffer frame_of(Bytes plain)
    {
        ByteBuffer frame;
        archive::FrameCompressor(archive::FrameCompressor::Effort::fast)
            .compress_append(frame, plain);
        return frame;
    }

    ByteBuffer block_of(Bytes plain) const
    {
        return cipher.seal(Kind::archive, 0, BlockType::data, frame_of(plain));
    }

    static ByteBuffer row_of(Bytes block, std::uint32_t plain_bytes)
    {
        ByteBuffer row;
        append_le(row, static_cast<std::uint32_t>(block.size() - clen_bytes));
        append_le(row, plain_bytes);
        return row;
    }

    /// Header, one block, a directory of these rows, footer.
    ByteBuffer file_of(Bytes block, Bytes rows) const
    {
        ByteBuffer file = header;
        append(file, block);
        const std::uint64_t offset = file.size();
        append(file, cipher.seal(Kind::archive, 1, BlockType::directory, frame_of(rows)));
        append(file, encode_footer(offset, file.size() + footer_bytes));
        return file;
    }

    std::optional<ErrorKind> kind_of_reading(const ByteBuffer& file) const
    {
        return test::kind_thrown_by([&] {
            StreamReader reader(keys.opening(), SampleStream::source_of(file), file.size());
            return reader.read(0, reader.plain_length());
        });
    }
};

TEST(ForgedBlock, TheForgerCanAlsoDoRight)
{
    const Forger forger;
    const ByteBuffer plain = noise(300);
    const ByteBuffer block = forger.block_of(plain);
    EXPECT_EQ(forger.kind_of_reading(forger.file_of(block, Forger::row_of(block, 300))),
              std::nullopt);
}

TEST(ForgedBlock, ADirectoryThatDiffersFromTheBlocksIsDamage)
{
    const Forger forger;
    const ByteBuffer block = forger.block_of(noise(300));
    const ByteBuffer right = Forger::row_of(block, 300);
    for (const std::uint32_t plain_bytes : {0U, 299U, 301U, 0xFFFFFFFFU})
        EXPECT_EQ(forger.kind_of_reading(forger.file_of(block, Forger::row_of(block, plain_bytes))),
                  ErrorKind::damaged);
    ByteBuffer other_clen = right;
    other_clen[0] ^= std::byte{1};
    ByteBuffer two = right;
    append(two, right);
    for (const ByteBuffer& rows : {other_clen, two, ByteBuffer(), ByteBuffer(7), ByteBuffer(9)})
        EXPECT_EQ(forger.kind_of_reading(forger.file_of(block, rows)), ErrorKind::damaged);
}

TEST(ForgedBlock, WhatIsNotOneFrameIsDamage)
{
    const Forger forger;
    const ByteBuffer plain = noise(300);
    ByteBuffer two = Forger::frame_of(plain);
    append(two, two);
    ByteBuffer cut = Forger::frame_of(plain);
    cut.pop_back();
    for (const ByteBuffer& frame : {two, cut, noise(300), ByteBuffer()}) {
        const ByteBuffer block = forger.cipher.seal(Kind::archive, 0, BlockType::data, frame);
        EXPECT_EQ(forger.kind_of_reading(forger.file_of(block, Forger::row_of(block, 300))),
                  ErrorKind::damaged);
    }
}

TEST(ForgedBlock, ADirectoryInABlocksPlaceIsTampering)
{
    const Forger forger;
    const ByteBuffer block =
        forger.cipher.seal(Kind::archive, 0, BlockType::directory, Forger::frame_of(noise(300)));
    EXPECT_EQ(forger.kind_of_reading(forger.file_of(block, Forger::row_of(block, 300))),
              ErrorKind::tampered);
}

TEST(ForgedBlock, AFrameLongerThanItsBlockAndDirtyPaddingAreDamage)
{
    // The layout inside the AEAD is sealed by hand: key and nonce as docs/format.md, Sealed stream,
    // says.
    const Forger forger;
    const auto sealed_by_hand = [&](std::function<void(ByteBuffer&)> change) {
        const ByteBuffer frame = Forger::frame_of(noise(300));
        ByteBuffer plain;
        append_le(plain, static_cast<std::uint32_t>(frame.size()));
        append(plain, frame);
        plain.resize(plain.size() + 20);
        change(plain);
        ByteBuffer context = copy_of(bytes_of("mailhold-block-v1"));
        append(context, forger.k0.view());
        const crypto::Hash hh = crypto::hash(forger.header);
        append(context, hh.bytes());
        const crypto::SecretBytes key = crypto::derive_key(forger.keys.key_p.view(), context);
        ByteBuffer nonce = copy_of(decode_header(forger.header).uid.bytes());
        append_le(nonce, std::uint64_t{0});
        const auto clen = static_cast<std::uint32_t>(plain.size() + crypto::aead_tag_bytes);
        ByteBuffer associated = copy_of(hh.bytes());
        append_le(associated, std::uint64_t{0});
        append_le(associated, std::uint8_t{0});
        append_le(associated, clen);
        ByteBuffer block;
        append_le(block, clen);
        append(block, crypto::aead_seal(key.view(), nonce, associated, plain));
        return forger.kind_of_reading(forger.file_of(block, Forger::row_of(block, 300)));
    };
    EXPECT_EQ(sealed_by_hand([](ByteBuffer&) {}), std::nullopt);
    EXPECT_EQ(sealed_by_hand([](ByteBuffer& plain) { plain.back() = std::byte{1}; }),
              ErrorKind::damaged);
    EXPECT_EQ(sealed_by_hand([](ByteBuffer& plain) { plain[0] ^= std::byte{1}; }),
              ErrorKind::damaged);
    EXPECT_EQ(sealed_by_hand([](ByteBuffer& plain) { plain[3] = std::byte{0xFF}; }),
              ErrorKind::damaged);
    EXPECT_EQ(sealed_by_hand([](ByteBuffer& plain) { plain.resize(3); }), ErrorKind::damaged);
}

TEST(ForgedBlock, MillionsOfEmptyBlocksAreNotWalked)
{
    const Forger forger;
    const ByteBuffer zeros(clen_bytes * (max_blocks + 100));
    ByteBuffer file = forger.header;
    append(file, zeros);
    append(file, forger.cipher.seal(Kind::archive, max_blocks + 100, BlockType::directory,
                                    Forger::frame_of({})));
    append(file, encode_footer(forger.header.size() + zeros.size(), file.size() + footer_bytes));
    std::uint64_t fetched = 0;
    const RangeSource inner = SampleStream::source_of(file);
    const RangeSource counting = [&](std::uint64_t offset, std::uint64_t length) {
        ++fetched;
        return inner(offset, length);
    };
    EXPECT_EQ(
        test::kind_thrown_by([&] { StreamReader(forger.keys.opening(), counting, file.size()); }),
        ErrorKind::damaged);
    EXPECT_LE(fetched, max_blocks + 10);
}

TEST(ForgedFooter, PointingNowhereIsDamage)
{
    const Forger forger;
    const ByteBuffer block = forger.block_of(noise(300));
    const ByteBuffer good = forger.file_of(block, Forger::row_of(block, 300));
    const std::uint64_t length = good.size();
    for (const std::uint64_t offset :
         {std::uint64_t{0}, std::uint64_t{191}, std::uint64_t{192}, length - footer_bytes,
          length - footer_bytes - 3, length, ~std::uint64_t{0}}) {
        ByteBuffer file = good;
        file.resize(length - footer_bytes);
        append(file, encode_footer(offset, length));
        EXPECT_EQ(forger.kind_of_reading(file), ErrorKind::damaged) << offset;
    }
}

}  // namespace
}  // namespace mailhold::sealed
