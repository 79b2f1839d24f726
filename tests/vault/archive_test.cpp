// Archives: what goes in comes out, from lanes, large entries and several threads; and what breaks.

#include <fmt/format.h>

#include "mailhold/archive/tar.hpp"
#include "mailhold/vault/archive.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

crypto::AccountId account(int number)
{
    crypto::AccountId id;
    id.value[0] = static_cast<std::byte>(number);
    return id;
}

crypto::Hash id_of_text(std::string_view text)
{
    return crypto::hash(bytes_of(text));
}

/// Text of that length that compresses badly and differs from any other `seed`'s.
std::string content_of(std::size_t length, std::uint64_t seed)
{
    std::string text(length, '\0');
    std::uint64_t state = seed * 2 + 1;
    for (char& c : text) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        c = static_cast<char>(state >> 56);
    }
    return text;
}

class ArchiveTest : public test::VaultTest {
protected:
    void add(ArchiveBuilder& builder, int lane, const std::string& content,
             EntryKind kind = EntryKind::message)
    {
        builder.add(account(lane), kind, id_of_text(content).bytes(), bytes_of(content),
                    "{\"e\":\"test\"}\n", 1'700'000'000);
        contents.push_back(content);
    }

    FinishedArchive publish(ArchiveBuilder& builder)
    {
        FinishedArchive finished = builder.finish();
        builder.publish();
        facts[finished.stream.object] = {finished.stream.object, finished.stream.header,
                                         finished.stream.blocks};
        return finished;
    }

    ArchiveReader reader() const
    {
        return {store, keys, [this](const crypto::Hash& object) { return facts.at(object); }};
    }

    static sealed::Location location(const FinishedArchive& archive, std::size_t entry)
    {
        return {archive.stream.object, archive.entries[entry].offset,
                archive.entries[entry].length};
    }

    void expect_all_read_back(const FinishedArchive& archive)
    {
        ASSERT_EQ(archive.entries.size(), contents.size());
        ArchiveReader read = reader();
        for (std::size_t i = contents.size(); i-- > 0;) {
            const ReadEntry entry = read.read(location(archive, i));
            EXPECT_TRUE(text_of(entry.content) == contents[i]) << i;
            EXPECT_EQ(entry.id, id_of_text(contents[i]).value);
            EXPECT_EQ(entry.id, archive.entries[i].id);
            EXPECT_EQ(entry.kind, archive.entries[i].kind);
            EXPECT_EQ(entry.meta, "{\"e\":\"test\"}\n");
        }
    }

    /// The archive decrypted and decompressed from end to end.
    ByteBuffer plain_stream(const FinishedArchive& archive) const
    {
        const ByteBuffer& file = store.objects.at(archive_name(archive.stream.object));
        const auto source = [&](std::uint64_t offset, std::uint64_t length) {
            return copy_of(Bytes(file).subspan(offset, length));
        };
        const sealed::Header header = sealed::decode_header(file);
        sealed::StreamReader stream(keys.opening(header), source, file.size());
        EXPECT_EQ(stream.blocks(), archive.stream.blocks);
        return stream.read(0, stream.plain_length());
    }

    std::vector<std::string> contents;
    std::map<crypto::Hash, ArchiveFacts> facts;
};

TEST_F(ArchiveTest, EveryKindOfEntryReadsBack)
{
    ArchiveBuilder builder(store, vault.kit, 2);
    EXPECT_TRUE(builder.empty());
    add(builder, 1, "Subject: one\r\n\r\nbody\r\n", EntryKind::message);
    add(builder, 1, "", EntryKind::message);
    add(builder, 1, "skeleton", EntryKind::spliced);
    add(builder, 2, std::string("part\0with nul", 13), EntryKind::part);
    EXPECT_FALSE(builder.empty());
    const FinishedArchive archive = publish(builder);
    EXPECT_EQ(archive.stream.blocks.size(), 2u);  // one an account
    EXPECT_EQ(archive.stream.length, store.find(archive_name(archive.stream.object))->length);
    expect_all_read_back(archive);
}

TEST_F(ArchiveTest, DecryptedEndToEndItIsATar)
{
    ArchiveBuilder builder(store, vault.kit, 1);
    for (int i = 0; i < 20; ++i)
        add(builder, i % 3, content_of(1000, i));
    const ByteBuffer plain = plain_stream(publish(builder));
    std::vector<std::string> seen;
    Bytes rest = plain;
    archive::for_each_tar_entry(
        [&](std::span<std::byte> out) {
            const std::size_t length = std::min(out.size(), rest.size());
            std::copy_n(rest.begin(), length, out.begin());
            rest = rest.subspan(length);
            return length;
        },
        gibibyte,
        [&](archive::ParsedTarEntry&& entry) { seen.emplace_back(text_of(entry.content)); });
    EXPECT_THAT(seen, testing::UnorderedElementsAreArray(contents));
    EXPECT_TRUE(equal(Bytes(plain).last(1024), archive::end_of_tar()));
}

TEST_F(ArchiveTest, BlocksEndAtTheFirstEntryPastFourMebibytes)
{
    ArchiveBuilder builder(store, vault.kit, 2);
    for (int i = 0; i < 8; ++i)
        add(builder, 1, content_of(1'500'000, i));
    const FinishedArchive archive = publish(builder);
    ASSERT_EQ(archive.stream.blocks.size(), 3u);
    EXPECT_GE(archive.stream.blocks[0].plain_bytes, sealed::archive_block_target_bytes);
    EXPECT_LT(archive.stream.blocks[0].plain_bytes, 6'000'000u);
    expect_all_read_back(archive);
}

TEST_F(ArchiveTest, AnEntryLargerThanABlockIsOneRange)
{
    ArchiveBuilder builder(store, vault.kit, 2);
    add(builder, 1, content_of(3'000'000, 1));
    add(builder, 2, content_of(1000, 2));
    add(builder, 1, content_of(20'000'000, 3));
    add(builder, 2, content_of(1000, 4));
    add(builder, 1, content_of(1000, 5));
    const FinishedArchive archive = publish(builder);
    for (const sealed::Block& block : archive.stream.blocks)
        EXPECT_LE(block.plain_bytes, sealed::archive_block_limit_bytes);
    expect_all_read_back(archive);
}

TEST_F(ArchiveTest, EntriesThatFillABlockExactlyReadBack)
{
    // 1,536 bytes of tar and pax header before the content make it end where a block does.
    for (const std::size_t length : {8'388'608 - 2'560, 8'388'608 - 2'048, 8'388'608 - 1'536,
                                     8'388'608 - 1'024, 8'388'608, 16'777'216 - 2'048}) {
        contents.clear();
        ArchiveBuilder builder(store, vault.kit, 1);
        add(builder, 1, content_of(length, 1));
        add(builder, 1, content_of(10, 2));
        expect_all_read_back(publish(builder));
    }
}

TEST_F(ArchiveTest, ManyLanesAndThreadsKeepTheirOrder)
{
    ArchiveBuilder builder(store, vault.kit, 4);
    for (int i = 0; i < 60; ++i)
        add(builder, i % 5, content_of(700'000 + i * 1000, i));
    const FinishedArchive archive = publish(builder);
    EXPECT_EQ(builder.plain_bytes() + 1024, plain_stream(archive).size());
    expect_all_read_back(archive);
}

TEST_F(ArchiveTest, AnEmptyArchiveIsAnEmptyTar)
{
    ArchiveBuilder builder(store, vault.kit, 1);
    const FinishedArchive archive = publish(builder);
    EXPECT_TRUE(equal(plain_stream(archive), archive::end_of_tar()));
}

TEST_F(ArchiveTest, WithoutPublishNothingIsThere)
{
    const auto before = store.objects.size();
    {
        ArchiveBuilder builder(store, vault.kit, 2);
        add(builder, 1, content_of(5'000'000, 1));
        builder.finish();
    }
    EXPECT_EQ(store.objects.size(), before);
    ArchiveBuilder unfinished(store, vault.kit, 2);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  unfinished.publish();
                  return 0;
              }),
              ErrorKind::bug);
}

TEST_F(ArchiveTest, AFullDiskComesOutOfTheNextCall)
{
    for (int steps = 0; steps < 8; ++steps) {
        test::DyingStore dying(store, steps);
        const auto kind = test::kind_thrown_by([&] {
            ArchiveBuilder builder(dying, vault.kit, 2);
            for (int i = 0; i < 4; ++i)
                add(builder, 1, std::string(4'500'000, 'x'));
            builder.finish();
            builder.publish();
            return 0;
        });
        EXPECT_EQ(kind, ErrorKind::storage) << steps;
        EXPECT_TRUE(store.list("archives/").empty());
    }
}

TEST_F(ArchiveTest, AMissingObjectIsNotFound)
{
    ArchiveBuilder builder(store, vault.kit, 1);
    add(builder, 1, "text");
    const FinishedArchive archive = publish(builder);
    store.objects.erase(archive_name(archive.stream.object));
    EXPECT_EQ(test::kind_thrown_by([&] { return reader().read(location(archive, 0)); }),
              ErrorKind::not_found);
}

TEST_F(ArchiveTest, EveryTruncationIsDamageOrBehindTheEntry)
{
    ArchiveBuilder builder(store, vault.kit, 1);
    add(builder, 1, "some text");
    const FinishedArchive archive = publish(builder);
    test::for_each_truncation(store.objects.at(archive_name(archive.stream.object)),
                              [&](std::size_t size) {
                                  try {
                                      const ReadEntry entry = reader().read(location(archive, 0));
                                      EXPECT_EQ(text_of(entry.content), "some text");
                                      EXPECT_GT(size, 192u);
                                  } catch (const Error& e) {
                                      EXPECT_EQ(e.kind(), ErrorKind::damaged) << size;
                                  }
                              });
}

TEST_F(ArchiveTest, EveryFlippedBitIsNoticedOrHarmless)
{
    ArchiveBuilder builder(store, vault.kit, 1);
    add(builder, 1, "some text");
    const FinishedArchive archive = publish(builder);
    std::size_t noticed = 0;
    test::for_each_flipped_bit(
        store.objects.at(archive_name(archive.stream.object)), [&](std::size_t at) {
            try {
                const ReadEntry entry = reader().read(location(archive, 0));
                EXPECT_EQ(text_of(entry.content), "some text") << at;
            } catch (const Error& e) {
                noticed += 1;
                EXPECT_TRUE(e.kind() == ErrorKind::damaged || e.kind() == ErrorKind::tampered)
                    << at;
            }
        });
    EXPECT_GE(noticed, archive.stream.blocks[0].sealed_bytes);
}

TEST_F(ArchiveTest, TheSignedHeaderIsBelievedNotTheStored)
{
    ArchiveBuilder builder(store, vault.kit, 1);
    add(builder, 1, "some text");
    const FinishedArchive archive = publish(builder);
    facts[archive.stream.object].header[40] ^= std::byte{1};
    EXPECT_EQ(test::kind_thrown_by([&] { return reader().read(location(archive, 0)); }),
              ErrorKind::tampered);
}

TEST_F(ArchiveTest, APlaceOutsideTheArchiveIsDamage)
{
    ArchiveBuilder builder(store, vault.kit, 1);
    add(builder, 1, "some text");
    const FinishedArchive archive = publish(builder);
    const sealed::Location right = location(archive, 0);
    for (const sealed::Location& wrong :
         {sealed::Location{right.object, right.offset, right.length + 100'000},
          sealed::Location{right.object, right.offset, 3 * gibibyte},
          sealed::Location{right.object, ~0ull, right.length},
          sealed::Location{right.object, right.offset + 512, right.length - 512},
          sealed::Location{right.object, right.offset, right.length - 512},
          sealed::Location{right.object, right.offset, 0}})
        EXPECT_EQ(test::kind_thrown_by([&] { return reader().read(wrong); }), ErrorKind::damaged)
            << wrong.offset << "+" << wrong.length;
}

TEST_F(ArchiveTest, MoreArchivesThanStayOpenReadBack)
{
    std::vector<FinishedArchive> archives;
    for (int i = 0; i < 7; ++i) {
        ArchiveBuilder builder(store, vault.kit, 1);
        add(builder, 1, fmt::format("text {}", i));
        archives.push_back(publish(builder));
    }
    ArchiveReader read = reader();
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < archives.size(); ++i)
            EXPECT_EQ(text_of(read.read(location(archives[i], 0)).content),
                      fmt::format("text {}", i));
    }
}

TEST_F(ArchiveTest, OldArchivesStayReadableInANewEpoch)
{
    ArchiveBuilder builder(store, vault.kit, 1);
    add(builder, 1, "before");
    const FinishedArchive old = publish(builder);

    const NewWriter other = add_writer(store, vault.log, keys, "other host");
    const RootLog log = revoke_writer(store, other.log, keys, other.kit.writer, 0, {});
    ASSERT_TRUE(refresh_kit(vault.kit, log));
    ArchiveBuilder after(store, vault.kit, 1);
    add(after, 1, "after");
    const FinishedArchive young = publish(after);

    EXPECT_EQ(text_of(reader().read(location(old, 0)).content), "before");
    EXPECT_EQ(test::kind_thrown_by([&] { return reader().read(location(young, 0)); }),
              ErrorKind::wrong_key);
    keys = unlock(store, log, bytes_of(test::passphrase));
    EXPECT_EQ(text_of(reader().read(location(old, 0)).content), "before");
    EXPECT_EQ(text_of(reader().read(location(young, 0)).content), "after");
}

}  // namespace
}  // namespace mailhold::vault
