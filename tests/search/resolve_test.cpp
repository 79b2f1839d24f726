// Queries with conditions on places: which messages the catalog names, and what is left to the
// index.

#include <algorithm>

#include <gmock/gmock.h>

#include "catalog/catalog_fixture.hpp"
#include "mailhold/search/resolve.hpp"

namespace mailhold::search {
namespace {

using catalog::account;
using catalog::CatalogTest;
using catalog::folder_key;
using catalog::folder_row;
using catalog::id_of;
using catalog::placement_row;
using catalog::writer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using QueryKind = index::Query::Kind;

constexpr Time noon{1'773'057'600};

class Resolve : public CatalogTest {
protected:
    void SetUp() override
    {
        reopen();
        put_account(account, "anna@company.example", "flagship");
        put_account(other_account, "ben@company.example", "sales");
        put_folder(1, account, "INBOX");
        put_folder(2, account, "Archive/Sent Items");
        put_folder(3, other_account, "INBOX");
        const auto object = add_archive(1);
        for (const unsigned char fill : {0x10, 0x20, 0x30, 0x40})
            add_message(fill, object);
        place(0x10, 1, 1);              // anna, INBOX, unread
        place(0x20, 1, 2, {"\\Seen"});  // anna, INBOX, read; ben, INBOX, unread
        place(0x20, 3, 1);
        place(0x30, 2, 1, {"\\Seen", "$Forwarded"});  // anna, Sent Items
        place(0x40, 3, 2, {"\\Flagged", "\\Seen"});   // ben, INBOX; gone
        catalog().put_gone(folder_key(3), {Uid{2}}, Time{200});
    }

    void put_account(const crypto::AccountId& id, const std::string& address,
                     const std::string& role)
    {
        catalog().put_account({.id = id,
                               .address = address,
                               .role = role,
                               .server = "mail.company.example:993",
                               .archive_only = false,
                               .writer = writer},
                              Time{100});
    }

    void put_folder(std::uint64_t fid, const crypto::AccountId& owner, const std::string& name)
    {
        catalog::FolderRow folder = folder_row(fid, name);
        folder.account = owner;
        catalog().put_folder(folder, Time{100});
    }

    void place(unsigned char fill, std::uint64_t fid, std::uint32_t uid, const Flags& flags = {})
    {
        catalog().put_placement(
            placement_row(fid, uid, id_of<crypto::ContentId>(fill), 100, flags));
    }

    Resolved resolved(std::string_view query)
    {
        return resolve(parse(query, noon).expression, catalog());
    }

    /// Shows a query: words as they are, sets of messages as the digits of their ids.
    static std::string shown(const index::Query& query)
    {
        switch (query.kind) {
        case QueryKind::everything:
            return "*";
        case QueryKind::word:
            return query.text;
        case QueryKind::exact_word:
            return "=" + query.text;
        case QueryKind::phrase:
            return "'" + query.text + "'";
        case QueryKind::prefix:
            return query.text + "*";
        case QueryKind::among:
            return shown(*query.ids);
        case QueryKind::all_of:
            return "(" + joined(query, " & ") + ")";
        case QueryKind::any_of:
            return "(" + joined(query, " | ") + ")";
        case QueryKind::none_of:
            return "!" + joined(query, "?");
        default:
            return "other";
        }
    }

    static std::string shown(const index::IdSet& ids)
    {
        std::vector<std::string> starts;
        for (const index::IdPrefix id : ids)
            starts.push_back(
                to_hex(std::array{static_cast<std::byte>(static_cast<std::uint64_t>(id))}));
        std::ranges::sort(starts);
        std::string out = "{";
        for (const std::string& start : starts)
            out += start + (start == starts.back() ? "" : " ");
        return out + "}";
    }

    static std::string joined(const index::Query& query, std::string_view between)
    {
        std::string out;
        for (const index::Query& part : query.parts)
            out += (out.empty() ? "" : std::string(between)) + shown(part);
        return out;
    }

    std::string found(std::string_view query) { return shown(resolved(query).query); }

    const crypto::AccountId other_account = id_of<crypto::AccountId>(0xbc);
};

TEST_F(Resolve, FindsPlacesByNamesPeopleUse)
{
    EXPECT_EQ(found("account:anna"), "{10 20 30}");
    EXPECT_EQ(found("account:Ben@Company.example"), "{20 40}");
    EXPECT_EQ(found("account:company.example"), "{10 20 30 40}");
    EXPECT_EQ(found("account:b*"), "{20 40}");
    EXPECT_EQ(found("role:sales"), "{20 40}");
    EXPECT_EQ(found("folder:inbox"), "{10 20 40}");
    EXPECT_EQ(found("folder:\"sent items\""), "{30}");
    EXPECT_EQ(found("folder:\"Archive/Sent Items\""), "{30}");
    EXPECT_EQ(found("folder:archive/*"), "{30}");
    EXPECT_EQ(found("folder:sent*"), "{30}");
    EXPECT_EQ(found("flag:$forwarded"), "{30}");
    EXPECT_EQ(found("flag:\\Flagged"), "{40}");
    EXPECT_EQ(found("is:unread"), "{10 20}");
    EXPECT_EQ(found("is:read"), "{20 30 40}");
    EXPECT_EQ(found("is:gone"), "{40}");
    EXPECT_EQ(found("id:202020"), "{20}");
    EXPECT_EQ(found("id:2020ff"), "{}");
}

TEST_F(Resolve, FoldersAreNamedWithoutRegardToCapitalsOfAnyScript)
{
    put_folder(9, account, "Übersicht/Входящие");
    place(0x10, 9, 1);
    EXPECT_EQ(found("folder:übersicht/*"), "{10}");
    EXPECT_EQ(found("folder:ВХОДЯЩИЕ"), "{10}");
    EXPECT_EQ(found("folder:ubersicht/*"), "{}");
}

TEST_F(Resolve, OnePlacementSatisfiesAllConditionsThatAreJoinedByAnd)
{
    EXPECT_EQ(found("account:anna is:unread"), "{10}");
    EXPECT_EQ(found("account:ben folder:INBOX is:unread"), "{20}");
    EXPECT_EQ(found("account:anna (folder:INBOX OR folder:sent*) is:read"), "{20 30}");
    EXPECT_EQ(found("account:ben (is:unread (folder:INBOX))"), "{20}");
    EXPECT_EQ(found("steel account:anna is:unread"), "(steel & {10})");
    EXPECT_EQ(found("account:anna (is:unread steel)"), "(steel & {10})");
    EXPECT_EQ(found("(account:anna steel) (pipe is:unread)"), "((steel & pipe) & {10})");
    EXPECT_EQ(found("account:anna steel is:unread pipe"), "((steel & pipe) & {10})");
    EXPECT_EQ(found("account:ben OR folder:sent*"), "{20 30 40}");
    EXPECT_EQ(found("account:ben OR steel"), "({20 40} | steel)");
}

TEST_F(Resolve, ANegationLeavesOutWhatItsConditionFinds)
{
    EXPECT_EQ(found("-is:unread"), "!{10 20}");
    EXPECT_EQ(found("account:anna -is:unread"), "(!{10 20} & {10 20 30})");
    EXPECT_EQ(found("-(account:anna is:unread)"), "!{10}");
    EXPECT_EQ(found("-304"), "!304");
    EXPECT_EQ(found("is:gone account:ben"), "({40} & {20 40})");
}

TEST_F(Resolve, QuotedWordsAreLookedForAsTheyAre)
{
    EXPECT_EQ(found("pipes"), "pipes");
    EXPECT_EQ(found("\"pipes\""), "=pipes");
    EXPECT_EQ(found("\"steel pipes\""), "'steel pipes'");
    EXPECT_EQ(found("stain*"), "stain*");
}

TEST_F(Resolve, RemembersTheWordsThatMailShows)
{
    const Resolved question = resolved("steel -copper from:bob -(-brass) \"price list\"");
    std::vector<std::string> words;
    for (const Sought& word : question.words)
        words.push_back(word.leaf.text);
    EXPECT_THAT(words, ElementsAre("steel", "bob", "brass", "price list"));
    EXPECT_EQ(question.words[1].leaf.field, index::Field::from);
}

TEST_F(Resolve, SaysWhatItLeavesOutAndWhichNamesNobodyHas)
{
    const Resolved question = resolved("steel & pipe");
    EXPECT_EQ(shown(question.query), "(steel & pipe)");
    EXPECT_THAT(question.notes,
                ElementsAre("\"&\" has no letters or digits to look for and was left out"));
    EXPECT_THROW(resolved("& -"), QueryError);
    EXPECT_THAT(resolved("folder:imbox").notes,
                ElementsAre("no folder is called \"imbox\"; did you mean \"inbox\"?"));
    EXPECT_THAT(resolved("account:ana").notes,
                ElementsAre("no account is called \"ana\"; did you mean \"anna\"?"));
    EXPECT_THAT(resolved("role:zzzzzz").notes, ElementsAre("no role is called \"zzzzzz\""));
    EXPECT_THAT(resolved("folder:inbox account:anna role:sales").notes, IsEmpty());
}

}  // namespace
}  // namespace mailhold::search
