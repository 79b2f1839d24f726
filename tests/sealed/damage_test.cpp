// Every truncation and every flipped bit of small streams: noticed or harmless, never wrong
// plaintext.

#include <gtest/gtest.h>

#include "sealed/sample_stream.hpp"

namespace mailhold::sealed {
namespace {

bool is_finding(ErrorKind kind)
{
    return kind == ErrorKind::damaged || kind == ErrorKind::tampered || kind == ErrorKind::too_new;
}

/// Small enough to try every bit: two blocks, of which one compresses.
struct SmallStream {
    explicit SmallStream(Kind kind)
        : blocks{kind == Kind::shard ? ByteBuffer(65'536) : noise(40), noise(60)},
          plain(joined(blocks)), stream(sealed_stream(keys, header_of(kind), blocks))
    {
    }

    SampleKeys keys;
    std::vector<ByteBuffer> blocks;
    ByteBuffer plain;
    SampleStream stream;
};

enum class Outcome { right, finding, wrong };

template <class MakeReader>
Outcome outcome_of(const ByteBuffer& plain, MakeReader make_reader)
{
    try {
        StreamReader reader = make_reader();
        return reader.read(0, reader.plain_length()) == plain ? Outcome::right : Outcome::wrong;
    } catch (const Error& e) {
        return is_finding(e.kind()) ? Outcome::finding : Outcome::wrong;
    }
}

Outcome by_file(const SmallStream& small, Bytes file)
{
    return outcome_of(small.plain, [&] {
        return StreamReader(small.keys.opening(), SampleStream::source_of(file), file.size());
    });
}

Outcome by_journal(const SmallStream& small, Bytes file)
{
    return outcome_of(small.plain, [&] {
        return StreamReader(small.keys.opening(), SampleStream::source_of(file),
                            small.stream.finished.header, small.stream.finished.blocks);
    });
}

class Damage : public testing::TestWithParam<Kind> {};

TEST_P(Damage, EveryTruncationIsFound)
{
    const SmallStream small(GetParam());
    const Bytes file = small.stream.file;
    ASSERT_EQ(by_file(small, file), Outcome::right);
    for (std::size_t size = 0; size < file.size(); ++size) {
        EXPECT_EQ(by_file(small, file.first(size)), Outcome::finding) << size;
        EXPECT_NE(by_journal(small, file.first(size)), Outcome::wrong) << size;
    }
}

TEST_P(Damage, EveryFlippedBitIsFoundByAReaderOfTheFile)
{
    const SmallStream small(GetParam());
    // Only the signature is not for this reader: verify_entry_signature looks at it.
    const std::size_t unsigned_bytes =
        small.stream.file.size() - (GetParam() == Kind::journal ? crypto::Signature::size : 0);
    for (std::size_t bit = 0; bit < unsigned_bytes * 8; ++bit) {
        ByteBuffer changed = small.stream.file;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        EXPECT_EQ(by_file(small, changed), Outcome::finding) << bit / 8 << "." << bit % 8;
    }
}

TEST_P(Damage, EveryFlippedBitOfABlockIsFoundWithTheRecordedHeader)
{
    const SmallStream small(GetParam());
    const std::size_t begin = small.stream.finished.header.size();
    std::size_t end = begin;
    for (const Block& block : small.stream.finished.blocks)
        end += 4 + block.sealed_bytes;
    for (std::size_t at = 0; at < small.stream.file.size(); ++at) {
        ByteBuffer changed = small.stream.file;
        changed[at] ^= std::byte{1} << (at % 8);
        const Outcome expected = at >= begin && at < end ? Outcome::finding : Outcome::right;
        EXPECT_EQ(by_journal(small, changed), expected) << at;
    }
}

TEST_P(Damage, EveryFlippedBitOfARecordedHeaderIsFound)
{
    const SmallStream small(GetParam());
    const ByteBuffer& header = small.stream.finished.header;
    for (std::size_t bit = 0; bit < header.size() * 8; ++bit) {
        ByteBuffer changed = header;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        const Outcome outcome = outcome_of(small.plain, [&] {
            return StreamReader(small.keys.opening(), small.stream.source(), changed,
                                small.stream.finished.blocks);
        });
        EXPECT_EQ(outcome, Outcome::finding) << bit / 8 << "." << bit % 8;
    }
}

TEST_P(Damage, BytesBehindTheEndAreFound)
{
    const SmallStream small(GetParam());
    ByteBuffer longer = small.stream.file;
    longer.push_back(std::byte{0});
    EXPECT_EQ(by_file(small, longer), Outcome::finding);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Damage, testing::Values(Kind::archive, Kind::shard, Kind::journal));

}  // namespace
}  // namespace mailhold::sealed
