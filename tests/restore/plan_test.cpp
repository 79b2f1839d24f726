// What a restore plans: which messages, into which folders, in which order.

#include <gmock/gmock.h>

#include "catalog/catalog_fixture.hpp"
#include "mailhold/restore/restore.hpp"

namespace mailhold::restore {
namespace {

using catalog::account;
using catalog::folder_row;
using catalog::id_of;
using catalog::placement_row;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class PlanTest : public catalog::CatalogTest {
protected:
    void SetUp() override
    {
        row_.id = account;
        row_.address = "alice@company.example";
        row_.writer = catalog::writer;
        catalog().transaction([&] {
            catalog().put_account(row_, Time{1});
            archive_ = add_archive(1);
        });
    }

    void add_folder(std::uint64_t fid, const std::string& name, const std::string& use = "",
                    char separator = '/')
    {
        catalog::FolderRow folder = folder_row(fid, name);
        folder.use = use;
        folder.separator = separator;
        catalog().transaction([&] { catalog().put_folder(folder, Time{1}); });
    }

    /// A message whose content, UID and place in the archive follow from `fill`.
    crypto::ContentId add(std::uint64_t fid, unsigned char fill, std::int64_t time = 10)
    {
        crypto::ContentId id;
        catalog().transaction([&] {
            id = add_message(fill, archive_);
            catalog().put_placement(placement_row(fid, fill, id, time, {"\\Seen"}));
        });
        return id;
    }

    void remove(std::uint64_t fid, std::uint32_t uid, std::int64_t time)
    {
        catalog().transaction(
            [&] { catalog().put_gone(catalog::folder_key(fid), {Uid{uid}}, Time{time}); });
    }

    Plan planned(Scope scope = {}, const Naming& naming = {})
    {
        scope.account = row_;
        return plan(catalog(), scope, naming);
    }

    /// Where each message goes, in the plan's order: the name of the target and the content.
    static std::vector<std::pair<std::string, crypto::ContentId>> where(const Plan& plan)
    {
        std::vector<std::pair<std::string, crypto::ContentId>> places;
        for (const deliver::UploadMessage& message : plan.messages)
            places.emplace_back(
                fmt::format("{}", fmt::join(plan.folders.at(message.folder).levels, "/")),
                message.id);
        return places;
    }

    static std::vector<std::string> targets(const Plan& plan)
    {
        std::vector<std::string> names;
        for (const deliver::UploadFolder& folder : plan.folders)
            names.push_back(fmt::format("{}{}{}", fmt::join(folder.levels, "/"),
                                        folder.use.empty() ? "" : " ", folder.use));
        return names;
    }

private:
    catalog::AccountRow row_;
    crypto::Hash archive_;
};

TEST_F(PlanTest, HoldsEverythingThatIsOnTheServer)
{
    add_folder(1, "INBOX");
    add_folder(2, "Sent", "\\sent");
    add_folder(3, "Empty");
    const auto a = add(1, 1);
    const auto b = add(2, 2);
    add(1, 3);
    remove(1, 3, 20);
    const Plan plan = planned();
    EXPECT_THAT(where(plan), ElementsAre(Pair("INBOX", a), Pair("Sent", b)));
    EXPECT_THAT(targets(plan), UnorderedElementsAre("INBOX", "Sent \\sent", "Empty"));
    EXPECT_EQ(plan.bytes, 200u);
    EXPECT_EQ(plan.messages[0].flags, (Flags{"\\Seen"}));
    EXPECT_EQ(plan.messages[0].size_bytes, 100u);
}

TEST_F(PlanTest, OfAnEarlierTimeHoldsWhatWasThereThen)
{
    add_folder(1, "INBOX");
    const auto gone = add(1, 1, 10);
    remove(1, 1, 20);
    const auto later = add(1, 2, 30);
    EXPECT_THAT(where(planned({.account = {}, .as_of = Time{15}})),
                ElementsAre(Pair("INBOX", gone)));
    EXPECT_THAT(where(planned()), ElementsAre(Pair("INBOX", later)));
}

TEST_F(PlanTest, WithWhatCameLaterHasEachContentOnce)
{
    add_folder(1, "INBOX");
    add_folder(2, "Archive");
    const auto purged = add(1, 1, 10);
    const auto moved = add(1, 2, 10);
    remove(1, 1, 20);
    remove(1, 2, 20);
    catalog().transaction([&] {
        catalog().put_placement(placement_row(2, 7, moved, 25));  // after the purge
    });
    const auto later = add(1, 3, 30);
    const auto later_and_gone = add(1, 4, 30);
    remove(1, 4, 40);
    EXPECT_THAT(where(planned({.account = {}, .as_of = Time{15}, .and_later = true})),
                UnorderedElementsAre(Pair("INBOX", purged), Pair("INBOX", moved),
                                     Pair("INBOX", later), Pair("INBOX", later_and_gone)));
}

TEST_F(PlanTest, TwoEqualMessagesStayTwo)
{
    add_folder(1, "INBOX");
    const auto id = add(1, 1);
    catalog().transaction([&] { catalog().put_placement(placement_row(1, 9, id, 10)); });
    EXPECT_THAT(where(planned()), ElementsAre(Pair("INBOX", id), Pair("INBOX", id)));
}

TEST_F(PlanTest, GoesBelowAPrefixWithoutSpecialUses)
{
    add_folder(1, "INBOX");
    add_folder(2, "Sent", "\\sent");
    EXPECT_THAT(targets(planned({}, {.prefix = "Handover/Alice"})),
                UnorderedElementsAre("Handover/Alice/INBOX", "Handover/Alice/Sent"));
}

TEST_F(PlanTest, TakesTheServersOwnLevelAboveAllFoldersAway)
{
    add_folder(1, "INBOX", "", '.');
    add_folder(2, "INBOX.Sent", "\\sent", '.');
    add_folder(3, "INBOX.Customers.ACME", "", '.');
    EXPECT_THAT(targets(planned()), UnorderedElementsAre("INBOX", "Sent \\sent", "Customers/ACME"));
}

TEST_F(PlanTest, KeepsFoldersBelowTheInboxWhereOthersLieBesideIt)
{
    add_folder(1, "inbox");
    add_folder(2, "Inbox/Customers");
    add_folder(3, "Sent");
    EXPECT_THAT(targets(planned()), UnorderedElementsAre("INBOX", "INBOX/Customers", "Sent"));
}

TEST_F(PlanTest, RenamesFoldersWithWhatLiesBelowThem)
{
    add_folder(1, "Customers");
    add_folder(2, "Customers/ACME");
    add_folder(3, "Customers2");
    add_folder(4, "Sent", "\\sent");
    EXPECT_THAT(targets(planned({}, {.renamed = {{"Customers", "Kunden/Alt"},
                                                 {"Customers/ACME", "ACME"},
                                                 {"Sent", "Gesendet"}}})),
                UnorderedElementsAre("Kunden/Alt", "ACME", "Customers2", "Gesendet"));
}

TEST_F(PlanTest, RefusesToRenameWhatIsNotThere)
{
    add_folder(1, "INBOX");
    EXPECT_EQ(test::kind_thrown_by([&] {
                  planned({}, {.renamed = {{"Sent", "S"}}});
              }),
              ErrorKind::not_found);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  planned({}, {.renamed = {{"INBOX", "/"}}});
              }),
              ErrorKind::usage);
}

TEST_F(PlanTest, TakesFoldersByPattern)
{
    add_folder(1, "INBOX.Customers.ACME", "", '.');
    add_folder(2, "INBOX.Private", "", '.');
    const auto id = add(1, 1);
    add(2, 2);
    EXPECT_THAT(where(planned({.account = {}, .folders = {"Customers/*"}})),
                ElementsAre(Pair("Customers/ACME", id)));
    EXPECT_THAT(where(planned({.account = {}, .folders = {"INBOX.Customers.ACME"}})), SizeIs(1));
    EXPECT_EQ(test::kind_thrown_by([&] {
                  planned({.account = {}, .folders = {"INBOX", "Pri*"}});
              }),
              ErrorKind::not_found);
}

TEST_F(PlanTest, LeavesOutWhatIsNotWanted)
{
    add_folder(1, "INBOX");
    const auto wanted = add(1, 1);
    add(1, 2);
    Scope scope;
    scope.wants = [&](const catalog::PlacementRow& row) { return row.id == wanted; };
    EXPECT_THAT(where(planned(scope)), ElementsAre(Pair("INBOX", wanted)));
}

TEST_F(PlanTest, HasMailOfAFolderOfAllMailOnlyWhereItLiesNowhereElse)
{
    add_folder(1, "INBOX");
    add_folder(2, "[Gmail]/All Mail", "\\all");
    const auto labelled = add(1, 1);
    catalog().transaction([&] { catalog().put_placement(placement_row(2, 1, labelled, 10)); });
    const auto archived = add(2, 2);
    const Plan plan = planned();
    EXPECT_THAT(where(plan),
                UnorderedElementsAre(Pair("INBOX", labelled), Pair("[Gmail]/All Mail", archived)));
    EXPECT_EQ(plan.also_elsewhere, 1u);
}

TEST_F(PlanTest, ReadsEachFolderOfAnArchiveFromItsStart)
{
    add_folder(1, "INBOX");
    add_folder(2, "Sent");
    const auto third = add(2, 3);
    const auto first = add(1, 1);
    const auto second = add(2, 2);
    const auto fourth = add(1, 4);
    const auto order = where(planned());
    ASSERT_THAT(order, SizeIs(4));
    const auto position = [&](const crypto::ContentId& id) {
        return std::ranges::find(order, id, &decltype(order)::value_type::second) - order.begin();
    };
    EXPECT_EQ(position(first) + 1, position(fourth));
    EXPECT_EQ(position(second) + 1, position(third));
}

}  // namespace
}  // namespace mailhold::restore
