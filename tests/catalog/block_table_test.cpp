// Block tables as bytes.

#include <gtest/gtest.h>

#include "block_table.hpp"
#include "catalog_fixture.hpp"
#include "sqlite.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::catalog {
namespace {

using sealed::BlockTable;

/// As a shard's: all but the last of one plain length.
BlockTable shard_table(std::size_t blocks)
{
    BlockTable table;
    for (std::size_t i = 0; i < blocks; ++i)
        table.push_back(
            {.sealed_bytes = static_cast<std::uint32_t>(5'000 + i), .plain_bytes = 16'384});
    table.push_back({.sealed_bytes = 77, .plain_bytes = 100});
    return table;
}

const BlockTable archive_table{{1'400'000, 4'200'000}, {65'536, 8'388'608}, {65'535, 8'388'608}};

const std::vector<BlockTable>& tables()
{
    static const std::vector<BlockTable> tables{
        {}, {{1, 2}}, archive_table, shard_table(0), shard_table(1), shard_table(1'000)};
    return tables;
}

TEST(BlockTable, ComesBackAsItWas)
{
    for (const BlockTable& table : tables()) {
        EXPECT_EQ(decoded_blocks(encoded(table)), table);
        EXPECT_EQ(decoded_runs(encoded_runs(table)), table);
    }
}

TEST(BlockTable, OfAShardTakesTwoBytesABlock)
{
    EXPECT_LT(encoded_runs(shard_table(6'000)).size(), 6'000u * 2 + 30);
}

TEST(BlockTable, RunsThatAreCutShortOrOfNoKnownKindAreDamage)
{
    const ByteBuffer whole = encoded_runs(archive_table);
    const std::size_t first_run = 9 + 4;
    for (std::size_t size = 1; size < whole.size(); ++size)
        if (size != first_run)
            EXPECT_EQ(test::kind_thrown_by([&] { decoded_runs(Bytes(whole).first(size)); }),
                      ErrorKind::damaged)
                << size;
    for (const int number_bytes : {0, 3, 255}) {
        ByteBuffer odd = whole;
        odd[8] = static_cast<std::byte>(number_bytes);
        EXPECT_EQ(test::kind_thrown_by([&] { decoded_runs(odd); }), ErrorKind::damaged);
    }
}

/// A catalog with an archive and a shard, as version 5 had them.
class CatalogOfVersion5 : public CatalogTest {
protected:
    CatalogOfVersion5()
    {
        archive_ = add_archive(1);
        catalog().put_shard({.object = id_of<crypto::Hash>(0x20),
                             .writer = writer,
                             .length = 10'000,
                             .header = ByteBuffer(192),
                             .blocks = shard_table(100),
                             .schema = 1,
                             .documents = 7,
                             .covers = {archive_},
                             .replaced_since = {}},
                            {}, Time{100});
        close();
        Database db(file());
        db.execute("ALTER TABLE shards RENAME COLUMN block_runs TO blocks;"
                   "PRAGMA user_version=5;");
        db.run("UPDATE shards SET blocks=?", Bytes(encoded(shard_table(100))));
    }

    crypto::Hash archive_{};
};

TEST_F(CatalogOfVersion5, HasTheBlockTablesOfItsShardsRewritten)
{
    reopen();
    const std::vector<ShardRow> shards = catalog().shards();
    ASSERT_EQ(shards.size(), 1u);
    EXPECT_EQ(shards[0].blocks, shard_table(100));
    EXPECT_EQ(catalog().archive(archive_)->blocks, (BlockTable{{900, 4'000}}));
}

TEST_F(CatalogOfVersion5, IsLeftAloneByWhoOpensItAgain)
{
    reopen();
    close();
    reopen();
    EXPECT_EQ(catalog().shards().at(0).blocks, shard_table(100));
}

}  // namespace
}  // namespace mailhold::catalog
