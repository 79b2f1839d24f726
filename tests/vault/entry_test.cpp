// One journal entry: sealed, opened, and broken in every place.

#include "names.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

class EntryTest : public test::VaultTest {
protected:
    EntryDraft draft() const
    {
        EntryDraft draft({parse_utc("2026-03-09T08:07:06Z").value(), "run", 3});
        draft.add(ArchiveAdded{object, 4096, copy_of(bytes_of("header")), {{1, 2}}});
        draft.add(Failed{FolderId{1}, Uid{2}, "why"});
        return draft;
    }

    std::optional<ErrorKind> kind_of(Bytes file) const
    {
        return test::kind_thrown_by([&] { return open_entry(file, keys, vault.log); });
    }

    crypto::Hash object = crypto::hash(bytes_of("an archive"));
    crypto::Hash previous = crypto::hash(bytes_of("entry 6"));
};

TEST_F(EntryTest, OpensAsItWasSealed)
{
    const std::vector<sealed::ChainHead> heads = {{crypto::WriterId{}, 5, vault.log.head}};
    const SealedEntry sealed = seal_entry(vault.kit, 7, previous, draft(), heads);
    EXPECT_EQ(sealed.seq, 7u);
    EXPECT_EQ(sealed.hash, crypto::hash(sealed.bytes));
    EXPECT_EQ(sealed.name,
              "journal/" + vault.kit.writer.hex() + "/0000000007-" + sealed.hash.hex());

    const JournalEntry entry = open_entry(sealed.bytes, keys, vault.log);
    EXPECT_EQ(entry.header.seq, 7u);
    EXPECT_EQ(entry.header.previous, previous);
    EXPECT_EQ(entry.header.heads, heads);
    ASSERT_EQ(entry.header.objects.size(), 1u);
    EXPECT_EQ(entry.header.objects[0].object, object);
    EXPECT_EQ(entry.header.objects[0].length, 4096u);
    EXPECT_EQ(entry.info.run, "run");
    EXPECT_EQ(entry.info.part, 3u);
    ASSERT_EQ(entry.events.size(), 2u);
    EXPECT_EQ(std::get<Failed>(entry.events[1]).why, "why");
}

TEST_F(EntryTest, ALargeOneSpansBlocks)
{
    EntryDraft large({parse_utc("2026-03-09T08:07:06Z").value(), "run", 1});
    for (int i = 0; i < 5; ++i)
        large.add(Record{"space", "key", std::string(700'000, static_cast<char>('a' + i))});
    const SealedEntry sealed = seal_entry(vault.kit, 1, {}, large, {});
    const JournalEntry entry = open_entry(sealed.bytes, keys, vault.log);
    ASSERT_EQ(entry.events.size(), 5u);
    EXPECT_EQ(std::get<Record>(entry.events[4]).value.as_string(), std::string(700'000, 'e'));
}

TEST_F(EntryTest, EveryTruncationIsDamage)
{
    ByteBuffer bytes = seal_entry(vault.kit, 1, {}, draft(), {}).bytes;
    test::for_each_truncation(bytes, [&](std::size_t size) {
        EXPECT_EQ(kind_of(bytes), ErrorKind::damaged) << "cut at " << size;
    });
}

TEST_F(EntryTest, EveryFlippedBitIsNoticed)
{
    ByteBuffer bytes = seal_entry(vault.kit, 1, {}, draft(), {}).bytes;
    test::for_each_flipped_bit(bytes, [&](std::size_t at) {
        const auto kind = kind_of(bytes);
        EXPECT_TRUE(kind == ErrorKind::damaged || kind == ErrorKind::tampered ||
                    kind == ErrorKind::too_new)
            << "at byte " << at;
    });
}

TEST_F(EntryTest, EveryFlippedBitInTheStoreIsDamage)
{
    const SealedEntry sealed = seal_entry(vault.kit, 1, {}, draft(), {});
    store.put_new(sealed.name, sealed.bytes);
    const EntryName name{vault.kit.writer, 1, sealed.hash, sealed.name, sealed.bytes.size()};
    test::for_each_flipped_bit(store.objects.at(sealed.name), [&](std::size_t at) {
        EXPECT_EQ(test::kind_thrown_by([&] { return read_entry(store, name, keys, vault.log); }),
                  ErrorKind::damaged)
            << "at byte " << at;
    });
    EXPECT_NO_THROW(read_entry(store, name, keys, vault.log));
}

TEST_F(EntryTest, AnEntryInAnothersPlaceIsTampering)
{
    const SealedEntry sealed = seal_entry(vault.kit, 1, {}, draft(), {});
    const std::string name = journal_name(vault.kit.writer, 2, sealed.hash);
    store.put_new(name, sealed.bytes);
    const EntryName second{vault.kit.writer, 2, sealed.hash, name, sealed.bytes.size()};
    EXPECT_EQ(test::kind_thrown_by([&] { return read_entry(store, second, keys, vault.log); }),
              ErrorKind::tampered);
}

TEST_F(EntryTest, AnotherVaultsEntryIsTampering)
{
    test::MemoryStore other;
    const CreatedVault stranger = create_vault(other, bytes_of("other"), "host");
    EXPECT_EQ(kind_of(seal_entry(stranger.kit, 1, {}, draft(), {}).bytes), ErrorKind::tampered);
}

TEST_F(EntryTest, AWriterThatNobodyCertifiedIsTampering)
{
    WriterKit forged = std::move(vault.kit);
    forged.signing = crypto::new_sign_pair();
    forged.writer = writer_id_of(forged.signing.public_key);
    EXPECT_EQ(kind_of(seal_entry(forged, 1, {}, draft(), {}).bytes), ErrorKind::tampered);
}

TEST_F(EntryTest, AWriterCannotSignInAnothersName)
{
    const NewWriter other = add_writer(store, vault.log, keys, "other");
    WriterKit forged = std::move(vault.kit);
    forged.writer = other.kit.writer;
    const ByteBuffer bytes = seal_entry(forged, 1, {}, draft(), {}).bytes;
    EXPECT_EQ(test::kind_thrown_by([&] { return open_entry(bytes, keys, other.log); }),
              ErrorKind::tampered);
}

TEST_F(EntryTest, AnArchiveIsNoEntry)
{
    ByteBuffer file;
    sealed::Header header;
    header.kind = sealed::Kind::archive;
    sealed::StreamWriter stream(vault.kit.sealing(), header,
                                [&](Bytes bytes) { append(file, bytes); });
    stream.append_plain(bytes_of("{}\n"));
    stream.finish();
    EXPECT_EQ(kind_of(file), ErrorKind::tampered);
}

TEST_F(EntryTest, LimitsHoldBeforeAnythingIsSealed)
{
    EntryDraft draft({parse_utc("2026-03-09T08:07:06Z").value(), "run", 1});
    for (int i = 0; i < 501; ++i)
        draft.add(ArchiveAdded{object, 1, {}, {}});
    EXPECT_EQ(test::kind_thrown_by([&] { return seal_entry(vault.kit, 1, {}, draft, {}); }),
              ErrorKind::bug);
}

}  // namespace
}  // namespace mailhold::vault
