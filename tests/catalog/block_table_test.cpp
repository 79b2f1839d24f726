// Block tables as bytes.

#include <gtest/gtest.h>

#include "block_table.hpp"
#include "catalog_fixture.hpp"
#include "sqlite.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::catalog {
namespace {

using sealed::Block;
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

TEST(BlockTable, ComesBackAsItWas)
{
    for (const BlockTable& table : {BlockTable{}, BlockTable{{1, 2}}, archive_table, shard_table(0),
                                    shard_table(1), shard_table(1'000)})
        EXPECT_EQ(decoded_blocks(encoded(table)), table);
}

TEST(BlockTable, OfAShardTakesTwoBytesABlock)
{
    EXPECT_LT(encoded(shard_table(6'000)).size(), 6'000u * 2 + 30);
}

TEST(BlockTable, CutShortOrOfNoKnownKindItIsDamage)
{
    const ByteBuffer whole = encoded(archive_table);
    const std::size_t first_run = 9 + 4;
    for (std::size_t size = 1; size < whole.size(); ++size)
        if (size != first_run)
            EXPECT_EQ(test::kind_thrown_by([&] { decoded_blocks(Bytes(whole).first(size)); }),
                      ErrorKind::damaged)
                << size;
    ByteBuffer odd = whole;
    odd[8] = std::byte{3};
    EXPECT_EQ(test::kind_thrown_by([&] { decoded_blocks(odd); }), ErrorKind::damaged);
    odd[8] = std::byte{0};
    EXPECT_EQ(test::kind_thrown_by([&] { decoded_blocks(odd); }), ErrorKind::damaged);
}

using CatalogOfVersion5 = CatalogTest;

TEST_F(CatalogOfVersion5, HasItsWideBlockTablesRewritten)
{
    const auto archive = add_archive(1);
    const BlockTable before = catalog().archive(archive)->blocks;
    close();
    {
        Database db(file());
        ByteBuffer wide;
        for (const Block& block : archive_table) {
            append_le(wide, block.sealed_bytes);
            append_le(wide, block.plain_bytes);
        }
        db.run("UPDATE objects SET blocks=?", Bytes(wide));
        db.execute("PRAGMA user_version=5;");
    }
    reopen();
    EXPECT_NE(before, archive_table);
    EXPECT_EQ(catalog().archive(archive)->blocks, archive_table);
}

}  // namespace
}  // namespace mailhold::catalog
