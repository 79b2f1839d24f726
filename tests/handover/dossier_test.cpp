// What a dossier says: customers and their order, who wrote last, what waits, what was offered.

#include <gmock/gmock.h>

#include "mail_world.hpp"

namespace mailhold::handover {
namespace {

using test::alice;
using test::ben;
using test::MailWorld;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* acme = "Bob Lee <lee@acme.example>";
constexpr const char* foo = "Eve <eve@foo.example>";

std::vector<std::string> names(const Dossier& dossier)
{
    std::vector<std::string> names;
    for (const DossierCustomer& customer : dossier.customers)
        names.push_back(customer.known.name);
    return names;
}

std::vector<int> waiting(const Dossier& dossier)
{
    std::vector<int> numbers;
    for (const WaitingThread& thread : dossier.waiting)
        numbers.push_back(test::number_of(thread.id));
    return numbers;
}

std::vector<int> offers(const Dossier& dossier)
{
    std::vector<int> numbers;
    for (const SentOffer& offer : dossier.offers)
        numbers.push_back(test::number_of(offer.id));
    return numbers;
}

TEST(Dossier, CustomersStandByWhatWentBothWaysInTheLastYear)
{
    const MailWorld world({{acme, {alice}, "a", 10},
                           {alice, {acme}, "a", 9},
                           {acme, {alice}, "b", 8},
                           {alice, {acme}, "b", 7},
                           {alice, {foo}, "many to them", 6},
                           {alice, {foo}, "many to them", 5},
                           {alice, {foo}, "many to them", 4},
                           {foo, {alice}, "one from them", 3},
                           {alice, {"old@bar.example"}, "long ago", 500},
                           {"old@bar.example", {alice}, "long ago", 499}});
    const Dossier dossier = world.dossier();
    EXPECT_THAT(names(dossier), ElementsAre("acme.example", "foo.example", "bar.example"));
    EXPECT_EQ(dossier.customers[0].last_year.from_them, 2);
    EXPECT_EQ(dossier.customers[0].last_year.to_them, 2);
    EXPECT_EQ(dossier.customers[2].last_year.from_them, 0);
    EXPECT_EQ(dossier.customers[2].known.total.from_them, 1);
    EXPECT_EQ(dossier.messages, 10);
}

TEST(Dossier, SaysWhoWroteLast)
{
    const MailWorld world({{acme, {alice}, "a", 3},
                           {alice, {acme, foo}, "b", 2},
                           {"eve@foo.example", {alice}, "c", 1}});
    const Dossier dossier = world.dossier();
    ASSERT_THAT(names(dossier), ElementsAre("foo.example", "acme.example"));
    EXPECT_EQ(dossier.customers[0].last_author, "eve@foo.example");
    EXPECT_FALSE(dossier.customers[0].last_is_ours);
    EXPECT_EQ(dossier.customers[1].last_author, "Alice Chen");
    EXPECT_TRUE(dossier.customers[1].last_is_ours);
}

TEST(Dossier, SendersToWhomNobodyWritesAreCountedOnly)
{
    const MailWorld world({{"News <hello@paper.example>", {alice}, "issue 1", 3},
                           {"robot@shop.example", {alice}, "parcel", 3},
                           {alice, {"noreply@shop.example"}, "re: parcel", 2},
                           {alice, {acme}, "a", 2}});
    const Dossier dossier = world.dossier();
    EXPECT_THAT(names(dossier), ElementsAre("shop.example", "acme.example"));
    EXPECT_EQ(dossier.unanswered_senders, 1);
    for (const search::Contact& contact : dossier.customers[0].known.contacts)
        EXPECT_NE(contact.address, "noreply@shop.example");
}

TEST(Dossier, AThreadWaitsUntilOneOfUsAnswers)
{
    const MailWorld world({{acme, {alice}, "answered", 9},
                           {alice, {acme}, "Re: answered", 8, {"1"}},
                           {acme, {alice}, "waits", 7},
                           {acme, {alice}, "asked again", 6, {"1", "2"}},
                           {foo, {alice}, "answered by Ben", 5},
                           {ben, {foo}, "Re: answered by Ben", 4, {"5"}}});
    EXPECT_THAT(waiting(world.dossier()), ElementsAre(4, 3));
    EXPECT_EQ(world.dossier().waiting[0].messages, 3);
    EXPECT_EQ(world.dossier().waiting[0].from_name, "Bob Lee");
}

TEST(Dossier, WhatIsPassedOnAmongUsIsNoAnswer)
{
    const MailWorld world({{acme, {alice}, "waits", 9}, {alice, {ben}, "Fwd: waits", 8, {"1"}}});
    EXPECT_THAT(waiting(world.dossier()), ElementsAre(1));
}

TEST(Dossier, AnAnswerCountsWhateverTheClocksSaid)
{
    const MailWorld world({{acme, {alice}, "from the future", -1}, {alice, {acme}, "", 2, {"1"}}});
    EXPECT_THAT(waiting(world.dossier()), IsEmpty());
    EXPECT_EQ(world.dossier().last, static_cast<std::int64_t>(test::today));
}

TEST(Dossier, AColleaguesAnswerCountsWhateverTheClocksSaid)
{
    const MailWorld world({{acme, {alice}, "clock is fast", 1}, {ben, {acme}, "", 2, {"1"}}});
    std::vector<index::Hit> cards = world.cards();
    std::erase_if(cards, [](const index::Hit& hit) { return test::number_of(hit.id) == 2; });
    EXPECT_THAT(waiting(world.dossier_of(std::move(cards))), IsEmpty());
}

TEST(Dossier, RobotsColleaguesAndLettersOfOldDoNotWait)
{
    const MailWorld world({{"MAILER-DAEMON@mx.example", {alice}, "undeliverable", 2},
                           {ben, {alice}, "lunch?", 1},
                           {acme, {alice}, "two years ago", 700}});
    EXPECT_THAT(waiting(world.dossier()), IsEmpty());
    EXPECT_EQ(world.dossier().waiting_longer, 1);
}

TEST(Dossier, CustomersWaitBeforeStrangers)
{
    const MailWorld world({{"stranger@new.example", {alice}, "inquiry", 1},
                           {acme, {alice}, "waits", 5},
                           {alice, {acme}, "something else", 6}});
    const Dossier dossier = world.dossier();
    EXPECT_THAT(waiting(dossier), ElementsAre(2, 1));
    EXPECT_TRUE(dossier.waiting[0].is_customer);
    EXPECT_FALSE(dossier.waiting[1].is_customer);
}

// Somebody else's letters, and those kept back as private, may answer; they are never told of.
TEST(Dossier, TellsOnlyOfTheMailHandedOver)
{
    const MailWorld world({{acme, {alice}, "handed over", 9},
                           {acme, {ben}, "not handed over", 8, {"1"}},
                           {foo, {alice}, "answered elsewhere", 7},
                           {ben, {foo}, "by Ben", 6, {"3"}}});
    std::vector<index::Hit> cards = world.cards();
    std::erase_if(cards, [](const index::Hit& hit) { return test::number_of(hit.id) % 2 == 0; });
    const Dossier dossier = world.dossier_of(std::move(cards));
    EXPECT_THAT(waiting(dossier), ElementsAre(1));
    EXPECT_EQ(dossier.waiting[0].messages, 1);
    EXPECT_EQ(dossier.messages, 2);
}

TEST(Dossier, OffersAreTheLeaversLettersWithFilesThatSaySo)
{
    const MailWorld world({{alice, {acme}, "Offer", 10, {}, {"scan.pdf", "terms.pdf"}},
                           {alice, {acme}, "Our prices", 9, {}, {"photo.jpg", "价格表 2026.xlsx"}},
                           {alice, {acme, ben}, "order", 8, {}, {"PI-20260301.pdf"}},
                           {alice, {acme}, "quotation without a file", 7},
                           {alice, {ben}, "quotation, internal", 6, {}, {"q.pdf"}},
                           {acme, {alice}, "their quotation", 5, {}, {"quotation.pdf"}},
                           {ben, {acme}, "Ben's quotation", 4, {}, {"quotation.pdf"}},
                           {alice, {acme}, "old quotation", 400, {}, {"quotation.pdf"}}});
    const Dossier dossier = world.dossier();
    ASSERT_THAT(offers(dossier), ElementsAre(3, 2, 1));
    EXPECT_EQ(dossier.offers[0].kind, OfferKind::proforma_invoice);
    EXPECT_THAT(dossier.offers[0].to, ElementsAre("lee@acme.example"));
    EXPECT_EQ(dossier.offers[1].kind, OfferKind::price_list);
    EXPECT_THAT(dossier.offers[1].files, ElementsAre("价格表 2026.xlsx"));
    EXPECT_EQ(dossier.offers[2].kind, OfferKind::quotation);
    EXPECT_THAT(dossier.offers[2].files, ElementsAre("scan.pdf", "terms.pdf"));
}

TEST(Dossier, NamesOfOffersAreWords)
{
    for (const char* text : {"Quotation.pdf", "RE: quote for pipes", "报价单-QT20260301.xlsx",
                             "Angebot 12", "offer_v2.pdf", "我司报价"})
        EXPECT_EQ(offer_in(text), OfferKind::quotation) << text;
    for (const char* text : {"Price List 2026", "pricelist.xls", "PRICE-LIST.pdf", "产品价目表"})
        EXPECT_EQ(offer_in(text), OfferKind::price_list) << text;
    for (const char* text : {"PI 2026-03.pdf", "Proforma Invoice", "pro-forma.pdf", "形式发票",
                             "PI20260301", "合同PI.pdf"})
        EXPECT_EQ(offer_in(text), OfferKind::proforma_invoice) << text;
    for (const char* text : {"", "pipe.pdf", "API.pdf", "coffers", "offering", "misquoted",
                             "price of a list", "发票.pdf"})
        EXPECT_EQ(offer_in(text), std::nullopt) << text;
}

TEST(Dossier, SaysWhoTakesWhatOver)
{
    const MailWorld world({{alice, {acme}, "a", 1}, {foo, {alice}, "waits", 2}});
    const Dossier dossier =
        world.dossier({{"carol@company.example", {}}, {"bob@company.example", {"acme.example"}}});
    ASSERT_EQ(dossier.customers.size(), 1);
    EXPECT_THAT(dossier.customers[0].successors, ElementsAre("bob@company.example"));
    ASSERT_EQ(dossier.waiting.size(), 1);
    EXPECT_THAT(dossier.waiting[0].successors, ElementsAre("carol@company.example"));
}

TEST(Dossier, OfNoMailIsEmpty)
{
    const MailWorld world({{ben, {ben}, "note", 1}});
    const Dossier dossier = world.dossier_of({});
    EXPECT_EQ(dossier.messages, 0);
    EXPECT_THAT(dossier.customers, IsEmpty());
    EXPECT_THAT(dossier.waiting, IsEmpty());
}

}  // namespace
}  // namespace mailhold::handover
