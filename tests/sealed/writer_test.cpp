// Writing streams: what is reported, by several threads, and what is refused.

#include <thread>

#include <gtest/gtest.h>

#include "sealed/sample_stream.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::sealed {
namespace {

void discard(Bytes) {}

TEST(StreamWriter, ReportsExactlyWhatItWrote)
{
    const SampleKeys keys;
    const SampleStream stream =
        sealed_stream(keys, header_of(Kind::archive), {noise(5000), noise(70'000)});
    const Finished& finished = stream.finished;
    EXPECT_EQ(finished.object, crypto::hash(stream.file));
    EXPECT_EQ(finished.length, stream.file.size());
    EXPECT_TRUE(equal(finished.header, Bytes(stream.file).first(finished.header.size())));
    ASSERT_EQ(finished.blocks.size(), 2U);
    EXPECT_EQ(finished.blocks[0].plain_bytes, 5000U);
    EXPECT_EQ(finished.blocks[1].plain_bytes, 70'000U);

    const Header header = decode_header(stream.file);
    EXPECT_EQ(header.vault, keys.vault);
    EXPECT_EQ(header.writer, keys.writer);
    EXPECT_EQ(header.recipient, recipient_of(keys.vault_pair.public_key));
}

TEST(StreamWriter, NeverMakesTheSameStreamTwice)
{
    const SampleKeys keys;
    const SampleStream first = sealed_stream(keys, header_of(Kind::archive), {noise(100)});
    const SampleStream second = sealed_stream(keys, header_of(Kind::archive), {noise(100)});
    EXPECT_NE(decode_header(first.file).uid, decode_header(second.file).uid);
    EXPECT_NE(decode_header(first.file).sealed_key, decode_header(second.file).sealed_key);
    EXPECT_NE(first.finished.object, second.finished.object);
}

TEST(StreamWriter, BlocksAreSealedByThreadsAndAppendedInOrder)
{
    const SampleKeys keys;
    constexpr std::size_t count = 24;
    SampleStream stream;
    StreamWriter writer(keys.sealing(), header_of(Kind::archive),
                        [&](Bytes piece) { append(stream.file, piece); });
    std::vector<ByteBuffer> plain;
    for (std::size_t i = 0; i < count; ++i)
        plain.push_back(noise(10'000 * (i + 1), static_cast<std::uint32_t>(i)));
    std::vector<SealedBlock> sealed(count);
    {
        std::vector<std::jthread> threads;
        for (std::size_t first = 0; first < 3; ++first)
            threads.emplace_back([&, first] {
                for (std::size_t i = first; i < count; i += 3)
                    sealed[i] = writer.seal_block(i, plain[i]);
            });
    }
    for (const SealedBlock& block : sealed)
        writer.append(block);
    stream.finished = writer.finish();

    StreamReader reader(keys.opening(), stream.source(), stream.file.size());
    EXPECT_TRUE(reader.read(0, reader.plain_length()) == joined(plain));
}

TEST(StreamWriter, BlocksOutOfOrderAreOurBug)
{
    const SampleKeys keys;
    StreamWriter writer(keys.sealing(), header_of(Kind::archive), discard);
    const SealedBlock second = writer.seal_block(1, noise(10));
    EXPECT_EQ(test::kind_thrown_by([&] { writer.append(second); }), ErrorKind::bug);
}

TEST(StreamWriter, IsSpentAfterAFailureAndAfterItsEnd)
{
    const SampleKeys keys;
    bool disk_is_full = false;
    StreamWriter writer(keys.sealing(), header_of(Kind::archive), [&](Bytes) {
        if (disk_is_full)
            throw Error(ErrorKind::storage, "disk full");
    });
    writer.append_plain(noise(10));
    disk_is_full = true;
    EXPECT_EQ(test::kind_thrown_by([&] { writer.append_plain(noise(10)); }), ErrorKind::storage);
    disk_is_full = false;
    EXPECT_EQ(test::kind_thrown_by([&] { writer.append_plain(noise(10)); }), ErrorKind::bug);
    EXPECT_EQ(test::kind_thrown_by([&] { return writer.finish(); }), ErrorKind::bug);

    StreamWriter other(keys.sealing(), header_of(Kind::archive), discard);
    EXPECT_EQ(test::kind_thrown_by([&] { return other.finish(); }), std::nullopt);
    EXPECT_EQ(test::kind_thrown_by([&] { return other.finish(); }), ErrorKind::bug);
}

TEST(StreamWriter, BlocksOfForbiddenSizesAreOurBug)
{
    const SampleKeys keys;
    const auto kind_of_writing = [&](Kind kind, std::initializer_list<std::size_t> sizes) {
        return test::kind_thrown_by([&] {
            std::vector<ByteBuffer> blocks;
            for (const std::size_t size : sizes)
                blocks.emplace_back(size);
            return sealed_stream(keys, header_of(kind), blocks);
        });
    };
    EXPECT_EQ(kind_of_writing(Kind::archive, {0}), ErrorKind::bug);
    EXPECT_EQ(kind_of_writing(Kind::archive, {archive_block_limit_bytes, 1}), std::nullopt);
    EXPECT_EQ(kind_of_writing(Kind::archive, {archive_block_limit_bytes + 1}), ErrorKind::bug);
    EXPECT_EQ(kind_of_writing(Kind::journal, {journal_block_bytes + 1}), ErrorKind::bug);
    EXPECT_EQ(kind_of_writing(Kind::shard, {65'536, 65'536, 1}), std::nullopt);
    EXPECT_EQ(kind_of_writing(Kind::shard, {65'536, 65'535, 1}), ErrorKind::bug);
    EXPECT_EQ(kind_of_writing(Kind::shard, {65'537}), ErrorKind::bug);
}

TEST(StreamWriter, AJournalEntryHoldsSixtyFourMebibytes)
{
    const SampleKeys keys;
    StreamWriter writer(keys.sealing(), header_of(Kind::journal), discard, &keys.signer);
    const ByteBuffer block(journal_block_bytes);
    for (int i = 0; i < 64; ++i)
        writer.append_plain(block);
    EXPECT_EQ(test::kind_thrown_by([&] { writer.append_plain(ByteBuffer(1)); }), ErrorKind::bug);
}

TEST(StreamWriter, SignsJournalEntriesAndNothingElse)
{
    const SampleKeys keys;
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { StreamWriter(keys.sealing(), header_of(Kind::journal), discard); }),
              ErrorKind::bug);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  StreamWriter(keys.sealing(), header_of(Kind::shard), discard, &keys.signer);
              }),
              ErrorKind::bug);
}

}  // namespace
}  // namespace mailhold::sealed
