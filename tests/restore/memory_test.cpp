// The memory of uploads, and their lock.

#include "catalog/catalog_fixture.hpp"
#include "mailhold/restore/restore.hpp"

namespace mailhold::restore {
namespace {

class MemoryTest : public catalog::CatalogTest {};

TEST_F(MemoryTest, GivesBackWhatWasVerified)
{
    const auto id = catalog::id_of<crypto::ContentId>(5);
    {
        CatalogMemory memory(catalog(), "bob@x");
        memory.remember("Sent", UidValidity{3}, {{Uid{8}, id, true}});
        memory.flush();
    }
    reopen();
    const auto known = CatalogMemory(catalog(), "bob@x").known("Sent", UidValidity{3});
    ASSERT_EQ(known.size(), 1u);
    EXPECT_EQ(known[0].uid, Uid{8});
    EXPECT_EQ(known[0].id, id);
    EXPECT_TRUE(known[0].is_changed);
    EXPECT_TRUE(CatalogMemory(catalog(), "eve@x").known("Sent", UidValidity{3}).empty());
}

TEST(TargetLockTest, LetsOneUploadIntoAnAccountAtATime)
{
    const test::TempDir state;
    {
        const TargetLock lock(state.path(), "bob/../@x");
        EXPECT_EQ(test::kind_thrown_by([&] { TargetLock(state.path(), "bob/../@x"); }),
                  ErrorKind::locked);
        EXPECT_NO_THROW(TargetLock(state.path(), "eve@x"));
    }
    EXPECT_NO_THROW(TargetLock(state.path(), "bob/../@x"));
}

TEST(TargetLockTest, RemembersAnUploadThatWasBrokenOff)
{
    const test::TempDir state;
    EXPECT_FALSE(TargetLock(state.path(), "bob@x").begin());
    EXPECT_FALSE(TargetLock(state.path(), "eve@x").begin());
    TargetLock again(state.path(), "bob@x");
    EXPECT_TRUE(again.begin());
    again.finish();
    EXPECT_FALSE(again.begin());
}

}  // namespace
}  // namespace mailhold::restore
