// Whose mail a damaged object concerns, and what of it survives elsewhere.

#include "concerned.hpp"

#include <gmock/gmock.h>

#include "catalog/catalog_fixture.hpp"

namespace mailhold::upkeep {
namespace {

using catalog::folder_row;
using catalog::placement_row;
using testing::ElementsAre;
using testing::IsEmpty;

const auto bobs_account = catalog::id_of<crypto::AccountId>(0xbb);

class ConcernedTest : public catalog::CatalogTest {
protected:
    ConcernedTest()
    {
        catalog().transaction([&] {
            add_account(catalog::account, "anna@example.com");
            add_account(bobs_account, "bob@example.com");
            catalog().put_folder(folder_row(1, "INBOX"), Time{1});
            catalog::FolderRow bobs = folder_row(2, "INBOX");
            bobs.account = bobs_account;
            catalog().put_folder(bobs, Time{1});
            first = add_archive(1);
            second = add_archive(2);
        });
    }

    void add_account(const crypto::AccountId& id, const std::string& address)
    {
        catalog().put_account({.id = id,
                               .address = address,
                               .role = "flagship",
                               .server = "",
                               .archive_only = false,
                               .writer = catalog::writer},
                              Time{1});
    }

    void place(std::uint64_t fid, std::uint32_t uid, const crypto::ContentId& id)
    {
        catalog().put_placement(placement_row(fid, uid, id, 1));
    }

    Finding concerned_by(const crypto::Hash& object, const std::set<crypto::Hash>& bad)
    {
        Finding finding;
        Concerned(catalog()).add_object(finding, object, bad);
        return finding;
    }

    crypto::Hash first;
    crypto::Hash second;
};

TEST_F(ConcernedTest, EveryAccountThatHoldsALostMessageIsNamedOnce)
{
    crypto::ContentId shared;
    catalog().transaction([&] {
        shared = add_message(1, first);
        place(1, 1, shared);
        place(1, 2, shared);
        place(2, 1, shared);
        place(1, 3, add_message(2, second));
    });
    const Finding finding = concerned_by(first, {first});
    EXPECT_THAT(finding.messages, ElementsAre(shared));
    EXPECT_THAT(finding.accounts, ElementsAre("anna@example.com", "bob@example.com"));
    EXPECT_EQ(finding.messages_elsewhere, 0U);
}

TEST_F(ConcernedTest, AMessageWithAnotherSoundCopyIsNotLost)
{
    catalog().transaction([&] {
        place(1, 1, add_message(1, first));
        add_message(1, second);
    });
    const Finding finding = concerned_by(first, {first});
    EXPECT_THAT(finding.messages, IsEmpty());
    EXPECT_THAT(finding.accounts, IsEmpty());
    EXPECT_EQ(finding.messages_elsewhere, 1U);
    EXPECT_EQ(concerned_by(first, {first, second}).messages.size(), 1U);
}

TEST_F(ConcernedTest, AMessageWhosePartIsLostIsLost)
{
    crypto::ContentId whole;
    catalog().transaction([&] {
        whole = add_message(1, second, true);
        catalog().put_splice(whole, {add_part(9, first)});
        place(1, 1, whole);
    });
    const Finding finding = concerned_by(first, {first});
    EXPECT_THAT(finding.messages, ElementsAre(whole));
    EXPECT_THAT(finding.accounts, ElementsAre("anna@example.com"));
}

TEST_F(ConcernedTest, ReadableMessagesNameTheirAccountsAndAreNotLost)
{
    crypto::ContentId id;
    catalog().transaction([&] {
        id = add_message(1, first);
        place(2, 1, id);
    });
    Finding finding;
    Concerned(catalog()).add_readable(finding, {id});
    EXPECT_THAT(finding.accounts, ElementsAre("bob@example.com"));
    EXPECT_THAT(finding.messages, IsEmpty());
    EXPECT_EQ(finding.messages_elsewhere, 1U);
}

TEST_F(ConcernedTest, AWritersAccountsStandForAnUnknownEntry)
{
    Finding finding;
    Concerned concerned(catalog());
    concerned.add_accounts_of(finding, catalog::id_of<crypto::WriterId>(1));
    EXPECT_THAT(finding.accounts, IsEmpty());
    concerned.add_accounts_of(finding, catalog::writer);
    EXPECT_THAT(finding.accounts, ElementsAre("anna@example.com", "bob@example.com"));
}

}  // namespace
}  // namespace mailhold::upkeep
