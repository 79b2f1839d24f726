// Customers: who is outside, and what is counted for whom.

#include <gmock/gmock.h>

#include "mailhold/search/customers.hpp"

namespace mailhold::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

index::Hit mail(std::int64_t date, std::string from, std::vector<std::string> to,
                std::string subject = "")
{
    index::Hit hit;
    hit.date = date;
    hit.card.from = std::move(from);
    hit.card.to = std::move(to);
    hit.card.subject = std::move(subject);
    return hit;
}

TEST(Customers, AddressesAndNamesAreReadFromWhatPeopleWrite)
{
    EXPECT_EQ(address_in("Bob Lee <Bob@Acme.example>"), "bob@acme.example");
    EXPECT_EQ(address_in("bob@acme.example"), "bob@acme.example");
    EXPECT_EQ(address_in("\"Lee, Bob\" <bob@acme.example>"), "bob@acme.example");
    for (const std::string_view nobody : {"", "Bob", "<>", "Bob <bob>", "@x", "a b@c"})
        EXPECT_EQ(address_in(nobody), "") << nobody;
    EXPECT_EQ(name_in("\"Lee, Bob\" <bob@acme.example>"), "Lee, Bob");
    EXPECT_EQ(name_in("bob@acme.example <bob@acme.example>"), "");
    EXPECT_EQ(name_in("bob@acme.example"), "");
}

TEST(Customers, FreeMailIsNoCompany)
{
    for (const std::string_view domain :
         {"gmail.com", "163.com", "qq.com", "yahoo.com", "yahoo.co.uk", "yahoo.com.cn", "gmx.at"})
        EXPECT_TRUE(is_free_mail(domain)) << domain;
    for (const std::string_view domain :
         {"", "acme.example", "yahoo.acme.example", "notgmail.com", "yahoo"})
        EXPECT_FALSE(is_free_mail(domain)) << domain;
}

TEST(Customers, OurDomainsAreOursAndOfFreeMailOnlyOurAddresses)
{
    const Company company({"Anna@Company.example", "seller@gmail.com"});
    EXPECT_TRUE(company.owns("ben@company.example"));
    EXPECT_TRUE(company.owns("x@mail.company.example"));
    EXPECT_TRUE(company.owns("seller@gmail.com"));
    EXPECT_FALSE(company.owns("buyer@gmail.com"));
    EXPECT_FALSE(company.owns("x@notcompany.example"));
    EXPECT_FALSE(company.owns("example"));
}

TEST(Customers, MessagesAreCountedEachWay)
{
    CustomerBook book(Company({"anna@company.example"}));
    book.add(mail(300, "Anna <anna@company.example>", {"bob@acme.example", "eve@acme.example"},
                  "Offer"));
    book.add(mail(100, "Bob Lee <bob@acme.example>", {"anna@company.example"}, "Inquiry"));
    book.add(mail(200, "B. Lee <Bob@Acme.example>", {"ben@company.example"}, "Again"));
    const auto customers = book.take();
    ASSERT_EQ(customers.size(), 1);
    EXPECT_EQ(customers[0].name, "acme.example");
    const Contact& total = customers[0].total;
    EXPECT_EQ(total.first, 100);
    EXPECT_EQ(total.last, 300);
    EXPECT_EQ(total.from_them, 2);
    EXPECT_EQ(total.to_them, 1) << "one message to two of them";
    EXPECT_EQ(total.last_subject, "Offer");
    EXPECT_THAT(total.ours, ElementsAre("anna@company.example", "ben@company.example"));
    ASSERT_EQ(customers[0].contacts.size(), 2);
    EXPECT_EQ(customers[0].contacts[0].address, "bob@acme.example");
    EXPECT_EQ(customers[0].contacts[0].name, "B. Lee");
    EXPECT_EQ(customers[0].contacts[0].to_them, 1);
    EXPECT_EQ(customers[0].contacts[1].address, "eve@acme.example");
    EXPECT_EQ(customers[0].contacts[1].from_them, 0);
    EXPECT_THAT(book.take(), IsEmpty());
}

TEST(Customers, AtFreeMailEachAddressIsACustomerOfItsOwn)
{
    CustomerBook book(Company({"anna@company.example"}));
    book.add(mail(100, "a@gmail.com", {"anna@company.example"}));
    book.add(mail(200, "b@gmail.com", {"anna@company.example"}));
    book.add(mail(300, "ben@company.example", {"anna@company.example"}));
    book.add(mail(400, "", {"anna@company.example"}));
    std::vector<std::string> names;
    for (const Customer& customer : book.take())
        names.push_back(customer.name);
    EXPECT_THAT(names, ElementsAre("b@gmail.com", "a@gmail.com"));
}

}  // namespace
}  // namespace mailhold::search
