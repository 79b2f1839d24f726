// Flags that go along, and those that would not be kept.

#include <gmock/gmock.h>

#include "target_flags.hpp"

namespace mailhold::deliver {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const std::vector<std::string> system_flags{"\\Answered", "\\Flagged", "\\Seen", "\\Draft"};

TEST(TargetFlags, Case33_RecentIsNeverSent)
{
    DroppedFlags dropped;
    EXPECT_THAT(flags_for_target({"\\Recent", "\\Seen"}, {}, dropped),
                UnorderedElementsAre("\\Seen"));
    EXPECT_THAT(flags_for_target({"\\recent"}, {{"\\Recent", "\\*"}}, dropped), IsEmpty());
}

TEST(TargetFlags, Case34_KeywordsGoWhereTheFolderKeepsThem)
{
    DroppedFlags dropped;
    std::vector<std::string> all = system_flags;
    all.emplace_back("\\*");
    EXPECT_THAT(flags_for_target({"Later", "\\Seen"}, all, dropped),
                UnorderedElementsAre("Later", "\\Seen"));
    EXPECT_THAT(dropped, IsEmpty());
    EXPECT_THAT(flags_for_target({"Later", "\\Seen"}, system_flags, dropped),
                UnorderedElementsAre("\\Seen"));
    EXPECT_THAT(flags_for_target({"Later"}, system_flags, dropped), IsEmpty());
    EXPECT_THAT(dropped, UnorderedElementsAre(Pair("Later", 2)));
}

TEST(TargetFlags, Case34_AKeywordOfTheFolderIsKeptInAnyCase)
{
    DroppedFlags dropped;
    EXPECT_THAT(flags_for_target({"$forwarded"}, {{"\\Seen", "$Forwarded"}}, dropped),
                UnorderedElementsAre("$forwarded"));
    EXPECT_THAT(flags_for_target({"\\seen"}, {{"\\Seen"}}, dropped),
                UnorderedElementsAre("\\seen"));
}

TEST(TargetFlags, Case34_AServerThatDoesNotTellIsTriedWithEverything)
{
    for (const auto& permanent : {std::optional<std::vector<std::string>>{}, {{}}}) {
        DroppedFlags dropped;
        EXPECT_THAT(flags_for_target({"Later", "\\Seen"}, permanent, dropped),
                    UnorderedElementsAre("Later", "\\Seen"));
        EXPECT_THAT(dropped, IsEmpty());
    }
}

TEST(TargetFlags, Case35_FlagsThatShouldBeKeywordsBecomeThem)
{
    DroppedFlags dropped;
    EXPECT_THAT(flags_for_target({"\\Forwarded", "\\Junk", "\\MDNSent"}, {}, dropped),
                UnorderedElementsAre("$Forwarded", "$Junk", "$MDNSent"));
    EXPECT_THAT(dropped, IsEmpty());
    EXPECT_THAT(flags_for_target({"\\Forwarded", "$Forwarded"}, {}, dropped),
                UnorderedElementsAre("$Forwarded"));
}

TEST(TargetFlags, Case35_FlagsOutsideTheGrammarAreCountedAndLeftOut)
{
    DroppedFlags dropped;
    EXPECT_THAT(flags_for_target({"\\Indexed", "\\ATTACHED", "a b", "\\*", "x\r\ny"},
                                 {{"\\*", "\\Indexed"}}, dropped),
                IsEmpty());
    EXPECT_EQ(dropped.size(), 5U);
}

}  // namespace
}  // namespace mailhold::deliver
