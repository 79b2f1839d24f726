// Filters by place: which messages have a wanted placement, and which are on no server any more.

#include <chrono>

#include <gmock/gmock.h>

#include "catalog_fixture.hpp"

namespace mailhold::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// How the catalog names a message whose id's bytes are all `fill`.
constexpr std::uint64_t start_of(unsigned char fill)
{
    return 0x0101'0101'0101'0101U * fill;
}

class Placed : public CatalogTest {
protected:
    void SetUp() override
    {
        reopen();
        put_account(account, "anna@example.com");
        put_account(other_account, "ben@example.com");
        put_folder(1, account, "INBOX");
        put_folder(2, account, "Sent");
        put_folder(3, other_account, "INBOX");
        const auto object = add_archive(1);
        for (const unsigned char fill : {0x10, 0x20, 0x30, 0x40})
            add_message(fill, object);
    }

    void put_account(const crypto::AccountId& id, const std::string& address)
    {
        catalog().put_account({.id = id,
                               .address = address,
                               .role = "flagship",
                               .server = "mail.example.com:993",
                               .archive_only = false,
                               .writer = writer},
                              Time{100});
    }

    void put_folder(std::uint64_t fid, const crypto::AccountId& owner, const std::string& name)
    {
        FolderRow folder = folder_row(fid, name);
        folder.account = owner;
        catalog().put_folder(folder, Time{100});
    }

    void place(unsigned char fill, std::uint64_t fid, std::uint32_t uid, const Flags& flags = {})
    {
        catalog().put_placement(
            placement_row(fid, uid, id_of<crypto::ContentId>(fill), 100, flags));
    }

    const crypto::AccountId other_account = id_of<crypto::AccountId>(0xbc);
};

TEST_F(Placed, OnePlacementHasToSatisfyTheWholeFilter)
{
    place(0x10, 1, 1);              // unread in anna's INBOX
    place(0x20, 1, 2, {"\\Seen"});  // read there, unread at ben's
    place(0x20, 3, 1);
    place(0x30, 2, 1);  // unread in anna's Sent
    const auto annas_unread_inbox = [](const AccountRow& at, const FolderRow& folder,
                                       const Flags* flags) {
        return at.address == "anna@example.com" && folder.name == "INBOX" &&
               (!flags || flags->empty());
    };
    EXPECT_THAT(catalog().messages_placed(annas_unread_inbox), ElementsAre(start_of(0x10)));
}

TEST_F(Placed, AMessageIsNamedOnceHoweverOftenItLies)
{
    place(0x10, 1, 1);
    place(0x10, 1, 2);
    place(0x10, 2, 1);
    const auto any = [](const AccountRow&, const FolderRow&, const Flags*) { return true; };
    EXPECT_THAT(catalog().messages_placed(any), ElementsAre(start_of(0x10)));
}

TEST_F(Placed, VanishedPlacementsCountWithTheirLastFlags)
{
    place(0x10, 1, 1, {"\\Flagged"});
    catalog().put_gone(folder_key(1), {Uid{1}}, Time{200});
    const auto flagged = [](const AccountRow&, const FolderRow&, const Flags* flags) {
        return !flags || *flags == Flags{"\\Flagged"};
    };
    EXPECT_THAT(catalog().messages_placed(flagged), ElementsAre(start_of(0x10)));
}

TEST_F(Placed, NothingPlacedIsNothingFound)
{
    const auto any = [](const AccountRow&, const FolderRow&, const Flags*) { return true; };
    EXPECT_THAT(catalog().messages_placed(any), IsEmpty());
    EXPECT_THAT(catalog().messages_gone(), IsEmpty());
}

TEST_F(Placed, GoneAreThoseWithoutALivePlacement)
{
    place(0x10, 1, 1);
    place(0x20, 1, 2);
    place(0x20, 2, 2);
    place(0x30, 1, 3);
    place(0x40, 2, 4);
    catalog().put_gone(folder_key(1), {Uid{1}, Uid{2}}, Time{200});
    EXPECT_THAT(catalog().messages_gone(), ElementsAre(start_of(0x10)));
    catalog().put_folder(folder_row(2, "Sent", true), Time{300});
    EXPECT_THAT(catalog().messages_gone(),
                UnorderedElementsAre(start_of(0x10), start_of(0x20), start_of(0x40)));
}

// A replaced host's folders end where its successor's begin; what both have lies at the
// successor's.
TEST_F(Placed, AfterAHandOverOnlyTheSuccessorsFlagsCount)
{
    const auto successor = id_of<crypto::WriterId>(0x78);
    place(0x10, 1, 1);
    place(0x20, 1, 2);
    catalog().put_account({.id = account,
                           .address = "anna@example.com",
                           .role = "flagship",
                           .server = "mail.example.com:993",
                           .archive_only = false,
                           .writer = successor},
                          Time{200});
    FolderRow inbox = folder_row(1, "INBOX");
    inbox.key = {successor, FolderId{1}};
    catalog().put_folder(inbox, Time{200});
    PlacementRow again = placement_row(1, 1, id_of<crypto::ContentId>(0x10), 200, {"\\Seen"});
    again.folder = inbox.key;
    catalog().put_placement(again);
    const auto unread = [](const AccountRow&, const FolderRow&, const Flags* flags) {
        return !flags || flags->empty();
    };
    EXPECT_THAT(catalog().messages_placed(unread), ElementsAre(start_of(0x20)));
    EXPECT_THAT(catalog().messages_gone(), ElementsAre(start_of(0x20)));
}

}  // namespace
}  // namespace mailhold::catalog
