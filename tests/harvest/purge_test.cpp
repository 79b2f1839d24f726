// Telling a purge from mail that was only moved, on a real catalog.

#include "purge.hpp"

#include "catalog/catalog_fixture.hpp"

namespace mailhold::harvest {
namespace {

using catalog::folder_key;
using catalog::folder_row;
using catalog::placement_row;

class PurgeTest : public catalog::CatalogTest {
protected:
    PurgeTest()
    {
        catalog().transaction([&] {
            catalog().put_account({.id = catalog::account,
                                   .address = "a@example.com",
                                   .role = "flagship",
                                   .server = "",
                                   .archive_only = false,
                                   .writer = catalog::writer},
                                  Time{1});
            catalog().put_folder(folder_row(1, "INBOX"), Time{1});
            catalog().put_folder(folder_row(2, "2024"), Time{1});
        });
    }

    static crypto::ContentId message(unsigned number)
    {
        crypto::ContentId id;
        id.value[0] = static_cast<std::byte>(number);
        id.value[1] = static_cast<std::byte>(number >> 8U);
        id.value[31] = std::byte{1};
        return id;
    }

    /// UIDs 1 to `count` of INBOX, of which the first `vanish` went.
    VanishedMail vanish(unsigned vanish, unsigned count)
    {
        VanishedMail vanished{
            .folder = folder_key(1), .name = "INBOX", .uids = {}, .live_before = count};
        catalog().transaction([&] {
            for (unsigned uid = 1; uid <= count; ++uid)
                catalog().put_placement(placement_row(1, uid, message(uid), 1));
            for (unsigned uid = 1; uid <= vanish; ++uid)
                vanished.uids.push_back(Uid{uid});
            catalog().put_gone(folder_key(1), vanished.uids, Time{2});
        });
        return vanished;
    }

    void place_elsewhere(unsigned count, std::optional<Time> gone_since = {})
    {
        catalog().transaction([&] {
            for (unsigned uid = 1; uid <= count; ++uid) {
                catalog::PlacementRow row = placement_row(2, uid, message(uid), 2);
                row.gone_since = gone_since;
                catalog().put_placement(row);
            }
        });
    }

    std::optional<Purge> purge_of(const VanishedMail& vanished, const Options& options = {})
    {
        return find_purge(catalog(), catalog::account, vanished, options);
    }
};

TEST_F(PurgeTest, MoreThanTwentyAndMoreThanATenthIsAPurge)
{
    const auto purge = purge_of(vanish(21, 209));
    ASSERT_TRUE(purge);
    EXPECT_EQ(purge->folder, "INBOX");
    EXPECT_EQ(purge->count, 21U);
    EXPECT_EQ(purge->of, 209U);
}

TEST_F(PurgeTest, TwentyAreNone)
{
    EXPECT_FALSE(purge_of(vanish(20, 20)));
}

TEST_F(PurgeTest, ATenthOfALargeFolderIsNone)
{
    EXPECT_FALSE(purge_of(vanish(21, 210)));
}

TEST_F(PurgeTest, TheThresholdsAreOptions)
{
    const VanishedMail vanished = vanish(6, 10);
    EXPECT_FALSE(purge_of(vanished));
    Options strict;
    strict.purge_min_messages = 5;
    strict.purge_percent = 50;
    EXPECT_TRUE(purge_of(vanished, strict));
    strict.purge_percent = 60;
    EXPECT_FALSE(purge_of(vanished, strict));
}

TEST_F(PurgeTest, MovedMailIsNotCounted)
{
    const VanishedMail vanished = vanish(40, 40);
    place_elsewhere(10);
    const auto purge = purge_of(vanished);
    ASSERT_TRUE(purge);
    EXPECT_EQ(purge->count, 30U);
    place_elsewhere(20);
    EXPECT_FALSE(purge_of(vanished)) << "20 are left";
}

TEST_F(PurgeTest, MailThatWentFromTheOtherFolderTooIsAPurge)
{
    const VanishedMail vanished = vanish(40, 40);
    place_elsewhere(40, Time{2});
    EXPECT_EQ(purge_of(vanished).value().count, 40U);
}

TEST_F(PurgeTest, AFolderThatIsGoneHoldsNothingAnyMore)
{
    const VanishedMail vanished = vanish(40, 40);
    place_elsewhere(40);
    catalog().transaction([&] { catalog().put_folder(folder_row(2, "2024", true), Time{2}); });
    EXPECT_EQ(purge_of(vanished).value().count, 40U);
}

// What lies in a colleague's mailbox does not make up for what this one lost.
TEST_F(PurgeTest, AnotherAccountsCopyIsNoMove)
{
    const VanishedMail vanished = vanish(40, 40);
    catalog().transaction([&] {
        catalog::FolderRow other = folder_row(3, "INBOX");
        other.account = catalog::id_of<crypto::AccountId>(0xbb);
        catalog().put_folder(other, Time{1});
        for (unsigned uid = 1; uid <= 40; ++uid)
            catalog().put_placement(placement_row(3, uid, message(uid), 1));
    });
    EXPECT_EQ(purge_of(vanished).value().count, 40U);
}

}  // namespace
}  // namespace mailhold::harvest
