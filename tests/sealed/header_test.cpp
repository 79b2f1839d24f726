// The header's bytes, and what it may not say.

#include <gtest/gtest.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/sealed/header.hpp"
#include "sealed/sample_stream.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::sealed {
namespace {

template <class Value>
Value filled(int byte)
{
    Value value;
    value.value.fill(static_cast<std::byte>(byte));
    return value;
}

Header sample_header(Kind kind)
{
    Header header = header_of(kind);
    header.vault = filled<crypto::VaultId>(0x11);
    header.uid = filled<crypto::StreamUid>(0x22);
    header.writer = filled<crypto::WriterId>(0x33);
    header.recipient.fill(std::byte{0x44});
    header.sealed_key.fill(std::byte{0x55});
    if (kind == Kind::journal) {
        header.seq = 0x0102030405060708;
        header.previous = filled<crypto::Hash>(0x66);
        header.objects = {{ObjectRow::Op::adds, Kind::archive, 0x1000, filled<crypto::Hash>(0x77)},
                          {ObjectRow::Op::retires, Kind::shard, 2, filled<crypto::Hash>(0x88)}};
        header.heads = {{filled<crypto::WriterId>(0), 3, filled<crypto::Hash>(0x99)}};
    }
    return header;
}

std::string repeated(std::string_view byte, int times)
{
    std::string text;
    while (times-- > 0)
        text += byte;
    return text;
}

std::optional<ErrorKind> kind_of_decoding(Bytes bytes)
{
    return test::kind_thrown_by([&] { return decode_header(bytes); });
}

TEST(Header, OfAnArchiveIsAsSpecified)
{
    const std::string expected = "4d41494c484f4c44"
                                 "01"
                                 "41"
                                 "0000"
                                 "c0000000" +
                                 repeated("11", 16) + repeated("22", 16) + repeated("33", 16) +
                                 repeated("00", 40) + repeated("44", 8) + repeated("55", 80);
    EXPECT_EQ(to_hex(encode(sample_header(Kind::archive))), expected);
}

TEST(Header, OfAJournalEntryIsAsSpecified)
{
    const std::string expected = "4d41494c484f4c44"
                                 "01"
                                 "4a"
                                 "0000"
                                 "60010000" +
                                 repeated("11", 16) + repeated("22", 16) + repeated("33", 16) +
                                 "0807060504030201" + repeated("66", 32) + repeated("44", 8) +
                                 repeated("55", 80) + "02000000" +
                                 "0141000000000000"
                                 "0010000000000000" +
                                 repeated("77", 32) +
                                 "0258000000000000"
                                 "0200000000000000" +
                                 repeated("88", 32) + "01000000" + repeated("00", 16) +
                                 "0300000000000000" + repeated("99", 32);
    EXPECT_EQ(to_hex(encode(sample_header(Kind::journal))), expected);
}

TEST(Header, ComesBackAsItWas)
{
    for (const Kind kind : {Kind::archive, Kind::shard, Kind::journal}) {
        const Header header = sample_header(kind);
        ByteBuffer bytes = encode(header);
        const std::size_t size = bytes.size();
        append(bytes, bytes_of("blocks follow"));
        EXPECT_EQ(announced_header_bytes(Bytes(bytes).first(16)), size);
        const Header again = decode_header(bytes);
        EXPECT_EQ(again.kind, kind);
        EXPECT_EQ(again.objects, header.objects);
        EXPECT_EQ(again.heads, header.heads);
        EXPECT_TRUE(encode(again) == encode(header));
    }
}

TEST(Header, HoldsFiveHundredRowsOfEachSortAndNoMore)
{
    Header header = sample_header(Kind::journal);
    header.objects.assign(max_rows, header.objects.front());
    header.heads.assign(max_rows, header.heads.front());
    const ByteBuffer bytes = encode(header);
    EXPECT_LE(bytes.size(), max_header_bytes);
    EXPECT_EQ(decode_header(bytes).heads.size(), max_rows);

    header.heads.push_back(header.heads.front());
    EXPECT_EQ(test::kind_thrown_by([&] { return encode(header); }), ErrorKind::bug);
    header.heads.pop_back();
    header.objects.push_back(header.objects.front());
    EXPECT_EQ(test::kind_thrown_by([&] { return encode(header); }), ErrorKind::bug);
}

TEST(Header, TheNumberOfRowsIsCheckedBeforeTheyAreRead)
{
    ByteBuffer bytes = encode(sample_header(Kind::journal));
    for (std::size_t at : {192, 193, 194, 195, 292, 293, 294, 295}) {
        ByteBuffer changed = bytes;
        changed[at] = std::byte{0xFF};
        EXPECT_EQ(kind_of_decoding(changed), ErrorKind::malformed) << at;
    }
}

TEST(Header, NoTruncationIsRead)
{
    const ByteBuffer bytes = encode(sample_header(Kind::journal));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(kind_of_decoding(Bytes(bytes).first(size)), ErrorKind::malformed) << size;
}

TEST(Header, AnyChangedBitIsRefusedOrShowsItself)
{
    for (const Kind kind : {Kind::archive, Kind::shard, Kind::journal}) {
        const ByteBuffer bytes = encode(sample_header(kind));
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            ByteBuffer changed = bytes;
            changed[bit / 8] ^= std::byte{1} << (bit % 8);
            try {
                EXPECT_TRUE(encode(decode_header(changed)) == changed) << bit;
            } catch (const Error& e) {
                EXPECT_TRUE(e.kind() == ErrorKind::malformed || e.kind() == ErrorKind::too_new)
                    << bit;
            }
        }
    }
}

TEST(Header, NewerVersionsAndFeaturesAreSaidToBeNewer)
{
    ByteBuffer bytes = encode(sample_header(Kind::archive));
    bytes[8] = std::byte{2};
    EXPECT_EQ(kind_of_decoding(bytes), ErrorKind::too_new);
    bytes[8] = std::byte{0};
    EXPECT_EQ(kind_of_decoding(bytes), ErrorKind::malformed);
    for (std::size_t at : {10, 11}) {
        ByteBuffer flagged = encode(sample_header(Kind::archive));
        flagged[at] = std::byte{0x40};
        EXPECT_EQ(kind_of_decoding(flagged), ErrorKind::too_new);
    }
}

TEST(Header, OnlyAJournalEntryHasAPlaceInAChain)
{
    const auto kind_of_encoding = [](auto change, Kind kind) {
        Header header = header_of(kind);
        change(header);
        return test::kind_thrown_by([&] { return encode(header); });
    };
    const auto with_seq = [](Header& h) { h.seq = 1; };
    const auto with_previous = [](Header& h) { h.previous = filled<crypto::Hash>(1); };
    const auto with_rows = [](Header& h) { h.heads.emplace_back(); };
    for (const Kind kind : {Kind::archive, Kind::shard}) {
        EXPECT_EQ(kind_of_encoding(with_seq, kind), ErrorKind::bug);
        EXPECT_EQ(kind_of_encoding(with_previous, kind), ErrorKind::bug);
        EXPECT_EQ(kind_of_encoding(with_rows, kind), ErrorKind::bug);
    }
    EXPECT_EQ(kind_of_encoding(with_previous, Kind::journal), ErrorKind::bug);  // seq is 1
    EXPECT_EQ(kind_of_encoding([](Header& h) { h.seq = 0; }, Kind::journal), ErrorKind::bug);
}

}  // namespace
}  // namespace mailhold::sealed
