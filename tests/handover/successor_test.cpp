// Successors as people type them, and whose customer somebody is.

#include <gmock/gmock.h>

#include "mailhold/handover/successor.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::handover {
namespace {

using testing::ElementsAre;

TEST(Successor, IsReadWithItsDomains)
{
    EXPECT_EQ(parse_successor("Carol@Company.example"), (Successor{"carol@company.example", {}}));
    EXPECT_EQ(parse_successor("bob@x.example=ACME.com,@foo.de"),
              (Successor{"bob@x.example", {"acme.com", "foo.de"}}));
}

TEST(Successor, WhatIsUnclearIsRefused)
{
    for (const char* text :
         {"", "bob", "Bob <bob@x.example>", "bob@x.example=", "bob@x.example=acme",
          "bob@x.example=acme.com,", "bob@x.example=lee@acme.com", "=acme.com",
          "bob@x.example=a.com b.com", "bob@x.example=.com"})
        EXPECT_EQ(test::kind_thrown_by([&] { return parse_successor(text); }), ErrorKind::usage)
            << text;
}

TEST(Successor, ExactlyOneTakesTheRest)
{
    const Successor rest{"carol@x.example", {}};
    const Successor some{"bob@x.example", {"acme.com"}};
    const auto kind = [](const std::vector<Successor>& all) {
        return test::kind_thrown_by([&] {
            check_successors(all);
            return 0;
        });
    };
    EXPECT_EQ(kind({rest}), std::nullopt);
    EXPECT_EQ(kind({rest, some}), std::nullopt);
    EXPECT_EQ(kind({}), ErrorKind::usage);
    EXPECT_EQ(kind({some}), ErrorKind::usage);
    EXPECT_EQ(kind({rest, {"dave@x.example", {}}}), ErrorKind::usage);
    EXPECT_EQ(kind({rest, some, some}), ErrorKind::usage);
    EXPECT_EQ(kind({rest, {"bob@x.example", {"acme.com", "acme.com"}}}), ErrorKind::usage);
}

TEST(Successor, TakesItsDomainsWithTheirSubdomainsAndNoOthers)
{
    const std::vector<Successor> all{{"carol@x.example", {}},
                                     {"bob@x.example", {"acme.com"}},
                                     {"dave@x.example", {"acme.com", "foo.de"}}};
    EXPECT_THAT(successors_of(all, "lee@acme.com"), ElementsAre("bob@x.example", "dave@x.example"));
    EXPECT_THAT(successors_of(all, "lee@mail.acme.com"),
                ElementsAre("bob@x.example", "dave@x.example"));
    EXPECT_THAT(successors_of(all, "eve@foo.de"), ElementsAre("dave@x.example"));
    for (const char* other : {"lee@notacme.com", "lee@acme.com.example", "acme.com@evil.example"})
        EXPECT_THAT(successors_of(all, other), ElementsAre("carol@x.example")) << other;
}

}  // namespace
}  // namespace mailhold::handover
