// Opening, transactions, and what only this host knows.

#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include "catalog_fixture.hpp"

namespace mailhold::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Opening = CatalogTest;

TEST_F(Opening, TheFileIsPrivate)
{
    for (const auto& entry : std::filesystem::directory_iterator(file().parent_path()))
        EXPECT_EQ(entry.status().permissions(),
                  std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
            << entry.path();
}

TEST_F(Opening, AnythingElseIsNoCatalog)
{
    test::TempDir dir;
    std::ofstream(dir.path() / "text") << std::string(5'000, 'x');
    EXPECT_EQ(test::kind_thrown_by([&] { return Catalog(dir.path() / "text").is_sound(); }),
              ErrorKind::damaged);
    EXPECT_EQ(test::kind_thrown_by([&] { return Catalog(dir.path()).is_sound(); }),
              ErrorKind::storage);
}

TEST_F(Opening, ABrokenPageIsNoticed)
{
    catalog().transaction([&] {
        const auto object = add_archive(1);
        for (unsigned char i = 0; i < 200; ++i)
            add_message(i, object);
    });
    EXPECT_TRUE(catalog().is_sound());
    close();
    {
        const auto size = std::filesystem::file_size(file());
        std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
        for (std::uintmax_t at = 4'096; at < size; at += 4'096) {
            stream.seekp(static_cast<std::streamoff>(at));
            stream << std::string(64, '\xff');
        }
    }
    const auto kind = test::kind_thrown_by([&] {
        reopen();
        if (!catalog().is_sound())
            throw Error(ErrorKind::damaged, "said so");
        return 0;
    });
    EXPECT_EQ(kind, ErrorKind::damaged);
}

TEST_F(Opening, AThrowInsideATransactionTakesAllBack)
{
    const auto fail = [&] {
        catalog().transaction([&] {
            catalog().put_folder(folder_row(1, "INBOX"), Time{1});
            catalog().put_placement(
                placement_row(1, 1, id_of<crypto::ContentId>(1), 1, {"\\Seen", "new"}));
            catalog().put_setting("k", "v");
            throw Error(ErrorKind::storage, "the disk is full");
        });
        return 0;
    };
    EXPECT_EQ(test::kind_thrown_by(fail), ErrorKind::storage);
    EXPECT_THAT(catalog().folders(account), IsEmpty());
    EXPECT_FALSE(catalog().setting("k"));
    // Numbers made inside are void: the same rows go in cleanly.
    catalog().transaction([&] {
        catalog().put_folder(folder_row(1, "INBOX"), Time{1});
        catalog().put_placement(
            placement_row(1, 1, id_of<crypto::ContentId>(1), 1, {"\\Seen", "new"}));
    });
    reopen();
    EXPECT_EQ(catalog().placements(folder_key(1)).at(0).flags, (Flags{"\\Seen", "new"}));
}

TEST_F(Opening, TransactionsInsideAreOneWithTheOuter)
{
    const auto fail = [&] {
        catalog().transaction([&] {
            catalog().transaction([&] { catalog().put_setting("inner", "v"); });
            throw Error(ErrorKind::storage, "later");
        });
        return 0;
    };
    EXPECT_EQ(test::kind_thrown_by(fail), ErrorKind::storage);
    EXPECT_FALSE(catalog().setting("inner"));
}

TEST_F(Opening, TheOutboxComesBackByteForByte)
{
    EXPECT_FALSE(catalog().outbox());
    Outbox outbox{.seq = 7,
                  .hash = id_of<crypto::Hash>(3),
                  .name = "journal/x",
                  .bytes = {std::byte{0}, std::byte{255}},
                  .lines = std::string("a\0b\n", 4),
                  .cursors = {}};
    outbox.cursors.emplace_back(FolderId{5}, FolderCursor{.highest_modseq = ModSeq{1ull << 62},
                                                          .uid_next = Uid{0xffff'ffff},
                                                          .exists = 3});
    catalog().put_outbox(outbox);
    reopen();
    const auto back = catalog().outbox();
    ASSERT_TRUE(back);
    EXPECT_EQ(back->seq, 7u);
    EXPECT_EQ(back->hash, outbox.hash);
    EXPECT_EQ(back->name, outbox.name);
    EXPECT_EQ(back->bytes, outbox.bytes);
    EXPECT_EQ(back->lines, outbox.lines);
    ASSERT_EQ(back->cursors.size(), 1u);
    EXPECT_EQ(back->cursors[0].first, FolderId{5});
    EXPECT_EQ(back->cursors[0].second.highest_modseq, ModSeq{1ull << 62});
    EXPECT_EQ(back->cursors[0].second.uid_next, Uid{0xffff'ffff});
    EXPECT_EQ(back->cursors[0].second.exists, 3u);
    catalog().clear_outbox();
    EXPECT_FALSE(catalog().outbox());
}

TEST_F(Opening, CursorsSettingsAndExpectedNamesLast)
{
    EXPECT_FALSE(catalog().cursor(folder_key(1)));
    catalog().put_cursor(folder_key(1),
                         {.highest_modseq = ModSeq{9}, .uid_next = Uid{8}, .exists = 7});
    catalog().put_setting("k", "v1");
    catalog().put_setting("k", "v2");
    catalog().put_expected_object("archives/aa/aa");
    catalog().put_expected_object("archives/aa/aa");
    reopen();
    EXPECT_EQ(catalog().cursor(folder_key(1))->highest_modseq, ModSeq{9});
    EXPECT_EQ(catalog().cursor(folder_key(1))->uid_next, Uid{8});
    EXPECT_EQ(catalog().cursor(folder_key(1))->exists, 7u);
    EXPECT_EQ(catalog().setting("k"), "v2");
    EXPECT_THAT(catalog().expected_objects(), ElementsAre("archives/aa/aa"));
    catalog().clear_expected_objects();
    EXPECT_THAT(catalog().expected_objects(), IsEmpty());
}

TEST_F(Opening, HeadsCountTheirBytesOnce)
{
    EXPECT_FALSE(catalog().head(writer));
    catalog().put_head(writer, {1, id_of<crypto::Hash>(1)}, 500);
    catalog().put_head(writer, {1, id_of<crypto::Hash>(1)}, 500);
    catalog().put_head(writer, {2, id_of<crypto::Hash>(2)}, 300);
    EXPECT_EQ(catalog().head(writer)->seq, 2u);
    EXPECT_EQ(catalog().heads().at(writer).hash, id_of<crypto::Hash>(2));
    EXPECT_EQ(catalog().totals().stored_bytes, 800u);
}

TEST_F(Opening, FolderIdsAreGivenOutOnce)
{
    EXPECT_EQ(catalog().next_folder_id(writer), FolderId{1});
    EXPECT_EQ(catalog().next_folder_id(writer), FolderId{2});
    catalog().put_folder(folder_row(7, "x"), Time{1});
    EXPECT_EQ(catalog().next_folder_id(writer), FolderId{8});
    EXPECT_EQ(catalog().next_folder_id(id_of<crypto::WriterId>(1)), FolderId{1});
}

TEST_F(Opening, AnotherCatalogTakesOver)
{
    catalog().put_setting("old", "1");
    catalog().put_folder(folder_row(1, "old"), Time{1});
    const auto other_file = file().parent_path() / "new.sqlite";
    {
        Catalog other(other_file);
        other.put_folder(folder_row(3, "new"), Time{1});
    }
    catalog().replace_by(other_file);
    EXPECT_FALSE(catalog().setting("old"));
    ASSERT_EQ(catalog().folders(account).size(), 1u);
    EXPECT_EQ(catalog().folders(account)[0].name, "new");
    reopen();
    EXPECT_EQ(catalog().folders(account)[0].name, "new");
    EXPECT_TRUE(catalog().is_sound());
}

TEST_F(Opening, ManyThreadsMayAskWhileOneWrites)
{
    const auto object = add_archive(1);
    std::jthread writing([&] {
        for (unsigned char i = 0; i < 100; ++i)
            catalog().transaction([&] { add_message(i, object); });
    });
    for (int i = 0; i < 1'000; ++i)
        catalog().knows_message(id_of<crypto::ContentId>(static_cast<unsigned char>(i)));
    writing.join();
    EXPECT_EQ(catalog().totals().messages, 100u);
}

}  // namespace
}  // namespace mailhold::catalog
