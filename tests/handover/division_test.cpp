// Letters to successors by their customers' domains.

#include <gmock/gmock.h>

#include "mail_world.hpp"
#include "mailhold/handover/division.hpp"

namespace mailhold::handover {
namespace {

using test::alice;
using test::ben;
using test::MailWorld;
using testing::ElementsAre;

const std::vector<Successor> successors{{"carol@company.example", {}},
                                        {"bob@company.example", {"acme.example"}},
                                        {"dave@company.example", {"foo.example"}}};

/// "1 3 | 2 |": the letters of each successor.
std::string division(const std::vector<test::Letter>& letters)
{
    const MailWorld world(letters);
    const auto cards = world.cards();
    std::vector<std::string> shares;
    for (const index::IdSet& share : divided(cards, successors, test::company(), world.index())) {
        std::set<int> numbers;
        for (const index::Hit& hit : cards)
            if (share.contains(index::prefix_of(hit.id)))
                numbers.insert(test::number_of(hit.id));
        shares.push_back(fmt::format("{}", fmt::join(numbers, " ")));
    }
    return fmt::format("{}", fmt::join(shares, " | "));
}

TEST(Division, FollowsTheCustomersDomainWhoeverWrote)
{
    EXPECT_EQ(division({{"lee@acme.example", {alice}},
                        {alice, {"LEE@mail.acme.example"}},
                        {alice, {"other@bar.example"}},
                        {alice, {"other@bar.example", "eve@foo.example"}}}),
              "3 | 1 2 | 4");
}

TEST(Division, GivesALetterToSeveralToEach)
{
    EXPECT_EQ(division({{alice, {"lee@acme.example", "eve@foo.example"}}}), " | 1 | 1");
}

TEST(Division, KeepsAConversationTogether)
{
    EXPECT_EQ(division({{"lee@acme.example", {alice}},
                        {alice, {ben}, "Fwd, internal", 1, {"1"}},
                        {ben, {alice}, "internal answer", 1, {"2"}},
                        {alice, {"forwarder@ship.example"}, "freight for it", 1, {"1"}},
                        {alice, {ben}, "something else"}}),
              "5 | 1 2 3 4 | ");
}

// Nobody sees letters to another one's customer because they hang in one long conversation.
TEST(Division, ALetterWithACustomerOfItsOwnGoesToThatOnesSuccessorOnly)
{
    EXPECT_EQ(division({{"lee@acme.example", {alice}},
                        {alice, {"eve@foo.example"}, "", 1, {"1"}},
                        {alice, {ben}, "", 1, {"2"}}}),
              " | 1 3 | 2 3");
}

TEST(Division, WithoutCustomersEverythingIsTheRest)
{
    EXPECT_EQ(division({{alice, {ben}}, {"x@bar.example", {alice}}}), "1 2 |  | ");
}

}  // namespace
}  // namespace mailhold::handover
