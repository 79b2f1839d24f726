// Placements with their history: flags, coming and going, folders renamed, and the past as it
// stood.

#include <gmock/gmock.h>

#include "catalog_fixture.hpp"

namespace mailhold::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class Placements : public CatalogTest {
protected:
    Placements()
    {
        catalog().put_account({.id = account,
                               .address = "anna@example.com",
                               .role = "flagship",
                               .server = "mail.example.com:993",
                               .archive_only = false,
                               .writer = writer},
                              Time{100});
        catalog().put_folder(folder_row(1, "INBOX"), Time{100});
        const auto object = add_archive(1);
        one_ = add_message(0x10, object);
        two_ = add_message(0x20, object);
    }

    /// "folder:uid[flags]" of everything on the server at that time.
    std::vector<std::string> at(std::int64_t time)
    {
        std::vector<std::string> seen;
        catalog().for_each_placement_at(
            account, Time{time}, [&](const FolderRow& folder, const PlacementRow& placement) {
                std::string text =
                    folder.name + ":" + std::to_string(static_cast<std::uint32_t>(placement.uid));
                for (const std::string& flag : placement.flags)
                    text += " " + flag;
                seen.push_back(text);
            });
        return seen;
    }

    crypto::ContentId one_;
    crypto::ContentId two_;
};

TEST_F(Placements, AllFieldsComeBack)
{
    PlacementRow row = placement_row(1, 9, one_, 100, {"\\Seen", "work"});
    row.date = InternalDate{.epoch_seconds = -5, .zone_minutes = -210};
    row.gmail_message_id = 0xfedc'ba98'7654'3210;
    catalog().put_placement(row);
    reopen();
    const auto rows = catalog().placements(folder_key(1));
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0].folder, folder_key(1));
    EXPECT_EQ(rows[0].uid, Uid{9});
    EXPECT_EQ(rows[0].id, one_);
    EXPECT_EQ(rows[0].date, row.date);
    EXPECT_EQ(rows[0].flags, row.flags);
    EXPECT_EQ(rows[0].first_seen, Time{100});
    EXPECT_EQ(rows[0].gone_since, std::nullopt);
    EXPECT_EQ(rows[0].gmail_message_id, row.gmail_message_id);
    EXPECT_EQ(catalog().by_gmail_id(account, *row.gmail_message_id), one_);
    EXPECT_EQ(catalog().by_gmail_id(id_of<crypto::AccountId>(1), *row.gmail_message_id),
              std::nullopt);
}

TEST_F(Placements, FlagsAreRememberedAsTheyWere)
{
    catalog().put_placement(placement_row(1, 9, one_, 100));
    catalog().put_flags(folder_key(1), Uid{9}, {"\\Seen"}, Time{200});
    catalog().put_flags(folder_key(1), Uid{9}, {"\\Seen"}, Time{250});
    catalog().put_flags(folder_key(1), Uid{9}, {"\\Answered", "\\Seen"}, Time{300});
    EXPECT_THAT(at(99), IsEmpty());
    EXPECT_THAT(at(100), ElementsAre("INBOX:9"));
    EXPECT_THAT(at(199), ElementsAre("INBOX:9"));
    EXPECT_THAT(at(200), ElementsAre("INBOX:9 \\Seen"));
    EXPECT_THAT(at(299), ElementsAre("INBOX:9 \\Seen"));
    EXPECT_THAT(at(300), ElementsAre("INBOX:9 \\Answered \\Seen"));
    EXPECT_THAT(catalog().live_flags(folder_key(1)),
                ElementsAre(Pair(Uid{9}, Flags{"\\Answered", "\\Seen"})));
}

TEST_F(Placements, AUidThatWentAndCameBackHasTwoSpells)
{
    catalog().put_placement(placement_row(1, 9, one_, 100, {"a"}));
    catalog().put_gone(folder_key(1), {Uid{9}}, Time{200});
    EXPECT_THAT(catalog().live_uids(folder_key(1)), IsEmpty());
    catalog().put_placement(placement_row(1, 9, one_, 300, {"b"}));
    EXPECT_THAT(at(199), ElementsAre("INBOX:9 a"));
    EXPECT_THAT(at(200), IsEmpty());
    EXPECT_THAT(at(300), ElementsAre("INBOX:9 b"));
    EXPECT_THAT(catalog().live_uids(folder_key(1)), ElementsAre(Uid{9}));
    EXPECT_THAT(catalog().placements(folder_key(1)), SizeIs(2));
    EXPECT_EQ(catalog().counts(folder_key(1)).messages, 1u);
    EXPECT_EQ(catalog().counts(folder_key(1)).gone, 1u);
}

TEST_F(Placements, TellingAgainChangesNothing)
{
    for (int i = 0; i < 2; ++i) {
        catalog().put_placement(placement_row(1, 9, one_, 100, {"a"}));
        catalog().put_gone(folder_key(1), {Uid{9}}, Time{200});
    }
    EXPECT_THAT(catalog().placements(folder_key(1)), SizeIs(1));
    EXPECT_EQ(catalog().placements(folder_key(1))[0].gone_since, Time{200});
}

TEST_F(Placements, AnotherMessageUnderALiveUidEndsTheFirst)
{
    catalog().put_placement(placement_row(1, 9, one_, 100));
    catalog().put_placement(placement_row(1, 9, two_, 200));
    const auto rows = catalog().placements(folder_key(1));
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_EQ(rows[0].id, one_);
    EXPECT_EQ(rows[0].gone_since, Time{200});
    EXPECT_EQ(rows[1].id, two_);
    EXPECT_THAT(at(150), SizeIs(1));
    EXPECT_THAT(at(200), SizeIs(1));
}

TEST_F(Placements, AMessageFetchedAgainStaysOnePlacement)
{
    catalog().put_placement(placement_row(1, 9, one_, 100));
    catalog().put_placement(placement_row(1, 9, one_, 200, {"\\Seen"}));
    EXPECT_THAT(catalog().placements(folder_key(1)), SizeIs(1));
    EXPECT_THAT(at(150), ElementsAre("INBOX:9"));
    EXPECT_THAT(at(200), ElementsAre("INBOX:9 \\Seen"));
}

TEST_F(Placements, FoldersKeepTheirNamesOfThen)
{
    catalog().put_placement(placement_row(1, 9, one_, 100));
    catalog().put_folder(folder_row(1, "INBOX"), Time{150});
    catalog().put_folder(folder_row(1, "Archive"), Time{200});
    catalog().put_folder(folder_row(1, "Archive", true), Time{300});
    catalog().put_folder(folder_row(1, "Archive"), Time{400});
    EXPECT_THAT(at(199), ElementsAre("INBOX:9"));
    EXPECT_THAT(at(200), ElementsAre("Archive:9"));
    EXPECT_THAT(at(300), IsEmpty());
    EXPECT_THAT(at(400), ElementsAre("Archive:9"));
    EXPECT_THAT(catalog().folders_at(account, Time{99}), IsEmpty());
    EXPECT_FALSE(catalog().folders_at(account, Time{299})[0].gone);
    EXPECT_TRUE(catalog().folders_at(account, Time{300})[0].gone);
}

TEST_F(Placements, AFolderWithoutASeparatorStaysSo)
{
    FolderRow row = folder_row(2, "flat");
    row.separator.reset();
    catalog().put_folder(row, Time{100});
    row.separator = '.';
    catalog().put_folder(row, Time{200});
    EXPECT_EQ(catalog().folders(account).back().separator, '.');
    EXPECT_EQ(catalog().folders_at(account, Time{150}).back().separator, std::nullopt);
}

TEST_F(Placements, WhatLiesInAGoneFolderIsGone)
{
    catalog().put_placement(placement_row(1, 9, one_, 100));
    catalog().put_folder(folder_row(1, "INBOX", true), Time{200});
    EXPECT_EQ(catalog().counts(folder_key(1)).messages, 0u);
    EXPECT_EQ(catalog().counts(folder_key(1)).gone, 1u);
    EXPECT_EQ(catalog().placements(folder_key(1))[0].gone_since, Time{200});
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{199}).messages, 1u);
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{200}).messages, 0u);
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{200}).gone, 1u);
    EXPECT_TRUE(catalog().folders(account)[0].gone);
}

/// The account's host was replaced at time 300 and its successor saw the same INBOX.
class Succession : public Placements {
protected:
    Succession()
    {
        catalog().put_placement(placement_row(1, 8, one_, 100));
        catalog().put_placement(placement_row(1, 9, two_, 100));
        FolderRow inbox = folder_row(1, "INBOX");
        inbox.key = successor_inbox;
        catalog().put_folder(inbox, Time{300});
        PlacementRow again = placement_row(1, 9, two_, 300);
        again.folder = successor_inbox;
        catalog().put_placement(again);
    }

    void describe_account(const crypto::WriterId& owner, Time time)
    {
        catalog().put_account({.id = account,
                               .address = "anna@example.com",
                               .role = "flagship",
                               .server = "",
                               .archive_only = false,
                               .writer = owner},
                              time);
    }

    const crypto::WriterId successor = id_of<crypto::WriterId>(0x78);
    const FolderKey successor_inbox{successor, FolderId{1}};
};

TEST_F(Succession, AFormerOwnersFoldersEndWhenTheSuccessorsBegin)
{
    describe_account(successor, Time{250});
    EXPECT_THAT(at(299), ElementsAre("INBOX:8", "INBOX:9"));
    EXPECT_THAT(at(300), ElementsAre("INBOX:9"));
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{299}).messages, 2U);
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{300}).messages, 0U);
    EXPECT_EQ(catalog().counts(successor_inbox).messages, 1U);
    EXPECT_TRUE(catalog().folders(account)[0].gone);
    EXPECT_FALSE(catalog().folders(account)[1].gone);
}

TEST_F(Succession, WhatTheSuccessorFoundAgainIsOnePlacement)
{
    describe_account(successor, Time{250});
    const auto former = catalog().placements(folder_key(1));
    ASSERT_THAT(former, SizeIs(1)) << "UID 9 stands in the successor's folder";
    EXPECT_EQ(former[0].uid, Uid{8});
    EXPECT_EQ(former[0].gone_since, Time{300});
    EXPECT_EQ(catalog().counts(folder_key(1)).gone, 1U);
    EXPECT_THAT(catalog().placements(folder_key(1), Time{299}), SizeIs(2));
    EXPECT_THAT(catalog().placements_of(two_), SizeIs(1));
}

TEST_F(Succession, TheLatestDescriptionNamesTheOwnerInWhateverOrder)
{
    describe_account(successor, Time{250});
    describe_account(writer, Time{200});
    EXPECT_EQ(catalog().account("anna@example.com")->writer, successor);
    EXPECT_THAT(at(300), ElementsAre("INBOX:9"));
}

TEST_F(Placements, CountsFollowTime)
{
    catalog().put_placement(placement_row(1, 8, one_, 100));
    catalog().put_placement(placement_row(1, 9, two_, 200));
    catalog().put_gone(folder_key(1), {Uid{8}}, Time{300});
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{150}).messages, 1u);
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{250}).messages, 2u);
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{300}).messages, 1u);
    EXPECT_EQ(catalog().counts_at(folder_key(1), Time{300}).gone, 1u);
}

TEST_F(Placements, OneMessageInManyFoldersIsFoundInAll)
{
    catalog().put_folder(folder_row(2, "Sent"), Time{100});
    catalog().put_placement(placement_row(1, 9, one_, 100));
    catalog().put_placement(placement_row(2, 4, one_, 100));
    catalog().put_placement(placement_row(2, 5, two_, 100));
    const auto rows = catalog().placements_of(one_);
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_EQ(rows[0].folder, folder_key(1));
    EXPECT_EQ(rows[1].folder, folder_key(2));
    EXPECT_EQ(rows[1].uid, Uid{4});
}

TEST_F(Placements, ThePastIsReadInBatchesWithoutGaps)
{
    catalog().transaction([&] {
        for (std::uint32_t uid = 1; uid <= 2'500; ++uid)
            catalog().put_placement(placement_row(1, uid, one_, 100));
    });
    std::uint32_t next = 1;
    catalog().for_each_placement_at(account, Time{100},
                                    [&](const FolderRow&, const PlacementRow& placement) {
                                        EXPECT_EQ(placement.uid, Uid{next++});
                                        // What visits may ask the catalog meanwhile.
                                        EXPECT_TRUE(catalog().knows_message(placement.id));
                                    });
    EXPECT_EQ(next, 2'501u);
}

TEST_F(Placements, WhatFailedIsForgottenOncePlacedOrGone)
{
    catalog().put_failed({folder_key(1), Uid{7}, "too large", Time{100}});
    catalog().put_failed({folder_key(1), Uid{7}, "broken", Time{200}});
    catalog().put_failed({folder_key(1), Uid{8}, "broken", Time{200}});
    catalog().put_failed({folder_key(1), Uid{9}, "broken", Time{200}});
    ASSERT_THAT(catalog().failed(account), SizeIs(3));
    EXPECT_EQ(catalog().failed(account)[0].why, "broken");
    EXPECT_EQ(catalog().failed(account)[0].since, Time{100});
    EXPECT_THAT(catalog().failed_uids(folder_key(1)), ElementsAre(Uid{7}, Uid{8}, Uid{9}));
    catalog().put_placement(placement_row(1, 7, one_, 300));
    catalog().put_gone(folder_key(1), {Uid{8}}, Time{300});
    EXPECT_THAT(catalog().failed_uids(folder_key(1)), ElementsAre(Uid{9}));
}

TEST_F(Placements, AccountsAreFoundByAddress)
{
    ASSERT_TRUE(catalog().account("Anna@Example.com"));
    EXPECT_EQ(catalog().account("Anna@Example.com")->id, account);
    EXPECT_FALSE(catalog().account("bert@example.com"));
    EXPECT_EQ(catalog().accounts()[0].role, "flagship");
}

TEST_F(Placements, RunsAreKeptWithTheLastGoodOne)
{
    EXPECT_FALSE(catalog().last_run(account));
    RunRow run;
    run.account = account;
    run.time = Time{100};
    run.ok = true;
    run.server_messages = 5;
    catalog().put_run(run);
    run.time = Time{200};
    run.ok = false;
    run.error_class = "credentials";
    catalog().put_run(run);
    EXPECT_EQ(catalog().last_run(account)->time, Time{200});
    EXPECT_EQ(catalog().last_run(account)->error_class, "credentials");
    EXPECT_EQ(catalog().last_good_run(account)->time, Time{100});
    EXPECT_EQ(catalog().last_good_run(account)->server_messages, 5u);
}

TEST_F(Placements, ALaterRecordReplacesAnEarlier)
{
    catalog().put_record("purge", "k", "{\"a\":1}", Time{200});
    catalog().put_record("purge", "k", "{\"a\":0}", Time{100});
    catalog().put_record("other", "k", "{}", Time{100});
    ASSERT_THAT(catalog().records("purge"), SizeIs(1));
    EXPECT_EQ(catalog().records("purge")[0].json, "{\"a\":1}");
    EXPECT_EQ(catalog().records("purge")[0].time, Time{200});
}

}  // namespace
}  // namespace mailhold::catalog
