// Shards: which are searched, which archives wait for one, what replacing and losing them does.

#include <gmock/gmock.h>

#include "catalog_fixture.hpp"

namespace mailhold::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t schema = 1;

class Shards : public CatalogTest {
protected:
    crypto::Hash add_shard(unsigned char fill, std::vector<crypto::Hash> covers,
                           const std::vector<crypto::Hash>& replaces = {},
                           std::uint64_t schema_of_it = schema, Time time = Time{100})
    {
        const auto object = id_of<crypto::Hash>(fill);
        catalog().put_shard({.object = object,
                             .writer = writer,
                             .length = 10'000,
                             .header = ByteBuffer(192, std::byte{fill}),
                             .blocks = {{.sealed_bytes = 900, .plain_bytes = 4'000}},
                             .schema = schema_of_it,
                             .documents = 7,
                             .covers = std::move(covers),
                             .replaced_since = {}},
                            replaces, time);
        return object;
    }

    std::vector<crypto::Hash> searched()
    {
        std::vector<crypto::Hash> objects;
        for (const ShardRow& shard : catalog().shards())
            objects.push_back(shard.object);
        return objects;
    }
};

TEST_F(Shards, AreGivenBackAsTheyWerePut)
{
    const auto archive = add_archive(1);
    const auto object = add_shard(0x20, {archive});
    const auto shards = catalog().shards();
    ASSERT_EQ(shards.size(), 1u);
    EXPECT_EQ(shards[0].object, object);
    EXPECT_EQ(shards[0].writer, writer);
    EXPECT_EQ(shards[0].length, 10'000u);
    EXPECT_EQ(shards[0].header, ByteBuffer(192, std::byte{0x20}));
    EXPECT_EQ(shards[0].blocks, (sealed::BlockTable{{900, 4'000}}));
    EXPECT_EQ(shards[0].schema, schema);
    EXPECT_EQ(shards[0].documents, 7u);
    EXPECT_THAT(shards[0].covers, ElementsAre(archive));
    EXPECT_EQ(catalog().totals().index_bytes, 10'000u);
}

TEST_F(Shards, AnArchiveWaitsUntilOneOfItsSchemaCoversIt)
{
    const auto first = add_archive(1);
    const auto second = add_archive(2);
    add_archive(3);  // holds no message
    add_message(0x10, first);
    add_message(0x11, second);
    EXPECT_THAT(catalog().unindexed_archives(schema), ElementsAre(first, second));
    EXPECT_EQ(catalog().unsearchable_messages(schema, schema), 2u);

    add_shard(0x20, {first});
    EXPECT_THAT(catalog().unindexed_archives(schema), ElementsAre(second));
    EXPECT_EQ(catalog().unsearchable_messages(schema, schema), 1u);
    EXPECT_THAT(catalog().unindexed_archives(schema + 1), ElementsAre(first, second));
}

TEST_F(Shards, AMessageThatLiesInACoveredArchiveTooIsSearchable)
{
    const auto first = add_archive(1);
    const auto second = add_archive(2);
    add_message(0x10, first);
    add_message(0x10, second);
    add_shard(0x20, {first});
    EXPECT_THAT(catalog().unindexed_archives(schema), ElementsAre(second));
    EXPECT_EQ(catalog().unsearchable_messages(schema, schema), 0u);
}

TEST_F(Shards, AMergedOneStandsForThoseItReplaces)
{
    const auto first = add_archive(1);
    const auto second = add_archive(2);
    add_message(0x10, first);
    add_message(0x11, second);
    const auto one = add_shard(0x20, {first});
    const auto other = add_shard(0x21, {second});
    const auto both = add_shard(0x22, {first, second}, {one, other}, schema, Time{500});
    EXPECT_THAT(searched(), ElementsAre(both));
    EXPECT_THAT(catalog().unindexed_archives(schema), IsEmpty());
    const auto known = catalog().known_shards();
    ASSERT_EQ(known.size(), 3u);
    EXPECT_EQ(known[0].replaced_since, Time{500});
    EXPECT_EQ(known[2].replaced_since, std::nullopt);
}

TEST_F(Shards, TheOrderInWhichChainsAreReadDoesNotMatter)
{
    const auto archive = add_archive(1);
    const auto merged = add_shard(0x22, {archive}, {id_of<crypto::Hash>(0x20)});
    add_shard(0x20, {archive});
    EXPECT_THAT(searched(), ElementsAre(merged));
}

TEST_F(Shards, WhenAMergedOneIsLostTheOldOnesServeAgain)
{
    const auto archive = add_archive(1);
    add_message(0x10, archive);
    const auto old = add_shard(0x20, {archive});
    const auto merged = add_shard(0x21, {archive}, {old});
    catalog().forget_shard(merged);
    EXPECT_THAT(searched(), ElementsAre(old));
    catalog().forget_shard(old);
    EXPECT_THAT(searched(), IsEmpty());
    EXPECT_THAT(catalog().unindexed_archives(schema), ElementsAre(archive));
}

TEST_F(Shards, ADroppedOneIsKnownNoLonger)
{
    const auto archive = add_archive(1);
    const auto old = add_shard(0x20, {archive});
    const auto merged = add_shard(0x21, {archive}, {old});
    catalog().drop_shard(old);
    EXPECT_THAT(searched(), ElementsAre(merged));
    EXPECT_EQ(catalog().known_shards().size(), 1u);
}

TEST_F(Shards, OfALostArchiveNothingWaits)
{
    const auto archive = add_archive(1);
    add_message(0x10, archive);
    catalog().forget_locations(archive);
    EXPECT_THAT(catalog().unindexed_archives(schema), IsEmpty());
}

TEST_F(Shards, OfDistinctMailNeverRepeatAMessage)
{
    const auto first = add_archive(1);
    const auto second = add_archive(2);
    add_message(0x10, first);
    add_message(0x11, second);
    const auto small = add_shard(0x20, {first});
    const auto other = add_shard(0x21, {second});
    const auto merged = add_shard(0x22, {first, second}, {small, other});
    add_shard(0x23, {first, second}, {merged});
    add_shard(0x24, {first, second}, {}, schema + 1);  // of other rules
    EXPECT_FALSE(catalog().index_may_repeat());
    add_message(0x10, first);  // declared again, by another writer
    EXPECT_FALSE(catalog().index_may_repeat());
}

TEST_F(Shards, MayRepeatAMessageThatLiesInTwoArchives)
{
    const auto first = add_archive(1);
    const auto second = add_archive(2);
    add_message(0x10, first);
    EXPECT_FALSE(catalog().index_may_repeat());
    add_message(0x10, second);
    EXPECT_TRUE(catalog().index_may_repeat());
}

TEST_F(Shards, MayRepeatAMessageThatWasMoved)
{
    const auto id = add_message(0x10, add_archive(1));
    catalog().put_moved(id.bytes(), {add_archive(2), 5, 6});
    EXPECT_TRUE(catalog().index_may_repeat());
}

TEST_F(Shards, MayRepeatWhatTwoHostsMergedAlike)
{
    const auto archive = add_archive(1);
    const auto small = add_shard(0x20, {archive});
    add_shard(0x21, {archive}, {small});
    EXPECT_FALSE(catalog().index_may_repeat());
    add_shard(0x22, {archive}, {small});
    EXPECT_TRUE(catalog().index_may_repeat());
}

TEST_F(Shards, MayRepeatWhatAThirdHasOfTwoThatAreAppliedLater)
{
    const auto archive = add_archive(1);
    const auto first = id_of<crypto::Hash>(0x21);
    const auto second = id_of<crypto::Hash>(0x22);
    add_shard(0x23, {archive}, {first, second});
    add_shard(0x21, {archive});
    EXPECT_FALSE(catalog().index_may_repeat());
    add_shard(0x22, {archive});
    EXPECT_TRUE(catalog().index_may_repeat());
}

}  // namespace
}  // namespace mailhold::catalog
