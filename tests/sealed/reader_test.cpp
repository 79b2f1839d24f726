// Reading ranges, both ways to begin.

#include <gtest/gtest.h>

#include "sealed/sample_stream.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::sealed {
namespace {

/// One stream of a kind with blocks of its own sizes, and readers of it.
struct Sample {
    explicit Sample(Kind kind)
    {
        if (kind == Kind::shard)
            blocks = {noise(65'536, 1), noise(65'536, 2), ByteBuffer(65'536), noise(300, 3)};
        else
            blocks = {noise(1, 1), noise(5000, 2), ByteBuffer(700'000), noise(40'000, 3)};
        plain = joined(blocks);
        stream = sealed_stream(keys, header_of(kind), blocks);
    }

    StreamReader from_file() const { return {keys.opening(), stream.source(), stream.file.size()}; }

    StreamReader from_journal(RangeSource source) const
    {
        return {keys.opening(), std::move(source), stream.finished.header, stream.finished.blocks};
    }

    SampleKeys keys;
    std::vector<ByteBuffer> blocks;
    ByteBuffer plain;
    SampleStream stream;
};

/// Blocks of uneven lengths, or as a shard's: all of one length but the last.
std::vector<ByteBuffer> many_blocks(Kind kind, std::size_t count)
{
    std::vector<ByteBuffer> blocks;
    for (std::uint32_t i = 0; i < count; ++i)
        blocks.push_back(noise(kind == Kind::shard ? 500 : 100 + i * 37 % 90, i));
    if (kind == Kind::shard)
        blocks.back().resize(77);
    return blocks;
}

class Reading : public testing::TestWithParam<Kind> {};

TEST_P(Reading, GivesEveryBlockBothWays)
{
    const Sample sample(GetParam());
    StreamReader by_file = sample.from_file();
    StreamReader by_journal = sample.from_journal(sample.stream.source());
    for (StreamReader* reader : {&by_file, &by_journal}) {
        EXPECT_EQ(reader->header().kind, GetParam());
        EXPECT_EQ(reader->blocks(), sample.stream.finished.blocks);
        EXPECT_EQ(reader->plain_length(), sample.plain.size());
        for (std::size_t i = 0; i < sample.blocks.size(); ++i)
            EXPECT_TRUE(reader->read_block(i) == sample.blocks[i]) << i;
        EXPECT_EQ(test::kind_thrown_by([&] { return reader->read_block(4); }), ErrorKind::damaged);
    }
}

TEST_P(Reading, FindsItsWayAmongManyBlocks)
{
    const SampleKeys keys;
    for (const std::size_t count : {1, 31, 32, 33, 64, 70}) {
        const std::vector<ByteBuffer> blocks = many_blocks(GetParam(), count);
        const ByteBuffer plain = joined(blocks);
        const SampleStream stream = sealed_stream(keys, header_of(GetParam()), blocks);
        StreamReader reader(keys.opening(), stream.source(), stream.finished.header,
                            stream.finished.blocks);
        ASSERT_EQ(reader.plain_length(), plain.size());
        std::uint64_t end = 0;  // of the blocks so far
        std::uint64_t file_end = stream.finished.header.size();
        for (std::size_t i = 0; i < count; ++i) {
            const auto [offset, length] = reader.block_extent(i);
            EXPECT_EQ(offset, file_end) << i << " of " << count;
            file_end = offset + length;
            EXPECT_TRUE(reader.read_block(i) == blocks[i]) << i << " of " << count;
            end += blocks[i].size();
            for (const std::uint64_t at : {end - blocks[i].size(), end - 1})
                EXPECT_EQ(reader.read(at, 1).front(), plain[at]) << at << " of " << count;
        }
        EXPECT_EQ(end, plain.size());
        EXPECT_TRUE(reader.read(0, end) == plain) << count;
    }
}

TEST_P(Reading, GivesAnyRange)
{
    const Sample sample(GetParam());
    StreamReader reader = sample.from_file();
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        const std::size_t offset = random() % (sample.plain.size() + 1);
        const std::size_t length = random() % (sample.plain.size() - offset + 1);
        EXPECT_TRUE(equal(reader.read(offset, length), Bytes(sample.plain).subspan(offset, length)))
            << offset << " " << length;
    }
    EXPECT_TRUE(reader.read(sample.plain.size(), 0).empty());
}

TEST_P(Reading, PastTheEndIsDamage)
{
    const Sample sample(GetParam());
    StreamReader reader = sample.from_file();
    const std::uint64_t size = sample.plain.size();
    constexpr std::uint64_t huge = ~std::uint64_t{0};
    for (const auto& [offset, length] :
         std::initializer_list<std::pair<std::uint64_t, std::uint64_t>>{
             {0, size + 1}, {size, 1}, {size + 1, 0}, {huge, 1}, {1, huge}, {huge, huge}})
        EXPECT_EQ(test::kind_thrown_by([&, o = offset, l = length] { return reader.read(o, l); }),
                  ErrorKind::damaged);
}

TEST_P(Reading, TouchesOnlyTheBlocksThatCoverTheRange)
{
    const Sample sample(GetParam());
    std::vector<std::pair<std::uint64_t, std::uint64_t>> fetched;
    const RangeSource inner = sample.stream.source();
    StreamReader reader = sample.from_journal([&](std::uint64_t offset, std::uint64_t length) {
        fetched.emplace_back(offset, length);
        return inner(offset, length);
    });
    EXPECT_TRUE(fetched.empty());  // nothing is read before it is wanted
    const std::uint64_t second = sample.blocks[0].size();
    reader.read(second + 5, 10);
    reader.read(second + 100, 50);  // the neighbour is already open
    ASSERT_EQ(fetched.size(), 1U);
    EXPECT_EQ(fetched[0], reader.block_extent(1));
    reader.read(second + sample.blocks[1].size() - 1, 2);
    EXPECT_EQ(fetched.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Reading,
                         testing::Values(Kind::archive, Kind::shard, Kind::journal));

TEST(Reader, AnEmptyStreamIsEmpty)
{
    const SampleKeys keys;
    for (const Kind kind : {Kind::archive, Kind::shard, Kind::journal}) {
        const SampleStream stream = sealed_stream(keys, header_of(kind), {});
        StreamReader reader(keys.opening(), stream.source(), stream.file.size());
        EXPECT_EQ(reader.plain_length(), 0U);
        EXPECT_TRUE(reader.read(0, 0).empty());
        EXPECT_EQ(test::kind_thrown_by([&] { return reader.read(0, 1); }), ErrorKind::damaged);
    }
}

TEST(Reader, WithoutTheRightKeyIsWrongKey)
{
    const Sample sample(Kind::archive);
    const SampleKeys others;
    const auto kind_with = [&](const OpeningKeys& keys) {
        return test::kind_thrown_by(
            [&] { StreamReader(keys, sample.stream.source(), sample.stream.file.size()); });
    };
    EXPECT_EQ(kind_with(others.opening()), ErrorKind::wrong_key);
    EXPECT_EQ(kind_with({}), ErrorKind::wrong_key);
    EXPECT_EQ(kind_with({&sample.keys.vault_pair, nullptr}), ErrorKind::wrong_key);
    // The vault's key with another epoch's P: no block is authentic.
    EXPECT_EQ(kind_with({&sample.keys.vault_pair, &others.key_p}), ErrorKind::tampered);
}

TEST(Reader, BlocksOfAnotherStreamAreTampering)
{
    const SampleKeys keys;
    const ByteBuffer plain = noise(500);
    const SampleStream first = sealed_stream(keys, header_of(Kind::archive), {plain, plain});
    const SampleStream second = sealed_stream(keys, header_of(Kind::archive), {plain, plain});
    StreamReader mixed(keys.opening(), second.source(), first.finished.header,
                       first.finished.blocks);
    EXPECT_EQ(test::kind_thrown_by([&] { return mixed.read(0, 10); }), ErrorKind::tampered);

    // Two blocks of one stream in each other's place.
    ByteBuffer swapped = first.file;
    const std::size_t size = 4 + first.finished.blocks[0].sealed_bytes;
    ASSERT_EQ(first.finished.blocks[0], first.finished.blocks[1]);
    std::swap_ranges(swapped.begin() + 192,
                     swapped.begin() + 192 + static_cast<std::ptrdiff_t>(size),
                     swapped.begin() + 192 + static_cast<std::ptrdiff_t>(size));
    StreamReader reader(keys.opening(), SampleStream::source_of(swapped), swapped.size());
    EXPECT_EQ(test::kind_thrown_by([&] { return reader.read_block(0); }), ErrorKind::tampered);
}

TEST(Reader, ARecordedTableThatDoesNotFitIsDamage)
{
    const Sample sample(Kind::shard);
    const auto kind_with = [&](auto change) {
        BlockTable blocks = sample.stream.finished.blocks;
        change(blocks);
        return test::kind_thrown_by([&] {
            StreamReader reader(sample.keys.opening(), sample.stream.source(),
                                sample.stream.finished.header, blocks);
            return reader.read(0, sample.plain.size());
        });
    };
    EXPECT_EQ(kind_with([](BlockTable&) {}), std::nullopt);
    EXPECT_EQ(kind_with([](BlockTable& b) { b[0].sealed_bytes += 1; }), ErrorKind::damaged);
    EXPECT_EQ(kind_with([](BlockTable& b) { b[1].plain_bytes -= 1; }), ErrorKind::damaged);
    EXPECT_EQ(kind_with([](BlockTable& b) { b[3].plain_bytes += 1; }), ErrorKind::damaged);
    EXPECT_EQ(kind_with([](BlockTable& b) { b[0].sealed_bytes = 0xFFFFFFFF; }), ErrorKind::damaged);
    EXPECT_EQ(kind_with([](BlockTable& b) { b.erase(b.begin()); }), ErrorKind::damaged);
    EXPECT_EQ(kind_with([](BlockTable& b) { b.pop_back(); }), ErrorKind::damaged);
}

TEST(Reader, ARecordedHeaderMustBeWhole)
{
    const Sample sample(Kind::archive);
    ByteBuffer longer = sample.stream.finished.header;
    longer.push_back(std::byte{0});
    EXPECT_EQ(test::kind_thrown_by([&] {
                  StreamReader(sample.keys.opening(), sample.stream.source(), longer,
                               sample.stream.finished.blocks);
              }),
              ErrorKind::damaged);
}

}  // namespace
}  // namespace mailhold::sealed
