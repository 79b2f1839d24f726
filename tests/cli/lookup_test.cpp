// Accounts and messages as people name them.

#include "lookup.hpp"

#include "ledger/world.hpp"

namespace mailhold::cli {
namespace {

using testing::HasSubstr;

class LookupTest : public testing::Test {
protected:
    LookupTest() : opened(world.open())
    {
        for (int n = 1; n <= 3; ++n)
            server.messages[static_cast<std::uint32_t>(n)] = {ledger::letter(n), {"\\Seen"}};
        ledger::back_up(*opened, server);
        for (const catalog::PlacementRow& row :
             opened->catalog().placements({opened->kit().writer, server.fid}))
            ids.push_back(row.id);
    }

    ledger::World world;
    ledger::Server server;
    std::unique_ptr<ledger::Ledger> opened;
    std::vector<crypto::ContentId> ids;
};

TEST_F(LookupTest, AnAccountIsFoundByItsAddressWithoutRegardToCase)
{
    EXPECT_EQ(find_account(*opened, "anna@example.com").id, ledger::anna);
    EXPECT_EQ(find_account(*opened, "Anna@Example.COM").id, ledger::anna);
}

TEST_F(LookupTest, AnUnknownAccountIsAnsweredWithThoseThatAreThere)
{
    try {
        find_account(*opened, "bob@example.com\x1b[31m");
        FAIL() << "it was found";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::not_found);
        EXPECT_THAT(e.hint(), HasSubstr("anna@example.com"));
        EXPECT_EQ(std::string(e.what()).find('\x1b'), std::string::npos);
    }
}

TEST_F(LookupTest, AMessageIsFoundByAnyUniqueStartOfItsId)
{
    const std::string hex = ids.front().hex();
    for (const std::size_t digits : {std::size_t{6}, std::size_t{12}, hex.size()})
        EXPECT_EQ(find_message(*opened, hex.substr(0, digits)), ids.front()) << digits;
    std::string upper = hex;
    for (char& c : upper)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(find_message(*opened, upper), ids.front());
}

TEST_F(LookupTest, WhatIsNoIdIsAUsageError)
{
    const std::string hex = ids.front().hex();
    for (const std::string& text :
         {hex.substr(0, 5), std::string(), std::string("not hex"), hex + "0", "%" + hex})
        EXPECT_EQ(test::kind_thrown_by([&] { return find_message(*opened, text); }),
                  ErrorKind::usage)
            << text;
}

TEST_F(LookupTest, AnUnknownIdIsNotFound)
{
    std::string hex = ids.front().hex();
    hex[7] = hex[7] == '0' ? '1' : '0';
    EXPECT_EQ(test::kind_thrown_by([&] { return find_message(*opened, hex); }),
              ErrorKind::not_found);
}

TEST_F(LookupTest, AMessageIsSaidToLieInEveryFolderThatHoldsIt)
{
    const auto lying = where_it_lies(opened->catalog(), ids.front());
    ASSERT_EQ(lying.size(), 1U);
    EXPECT_EQ(lying[0].address, "anna@example.com");
    EXPECT_EQ(lying[0].folder, server.folder);
    EXPECT_EQ(lying[0].placement.flags, Flags{"\\Seen"});
    EXPECT_TRUE(where_it_lies(opened->catalog(), crypto::ContentId{}).empty());
}

}  // namespace
}  // namespace mailhold::cli
