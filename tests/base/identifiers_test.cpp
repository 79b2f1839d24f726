// Flags are compared as sets, so they need one spelling of a set.

#include "mailhold/base/identifiers.hpp"

#include <gmock/gmock.h>

namespace mailhold {
namespace {

TEST(NormalisedFlags, AreSortedWithoutDuplicatesAndWithoutRecent)
{
    EXPECT_EQ(
        normalised_flags({"\\Seen", "$Label1", "\\RECENT", "\\Answered", "\\Seen", "\\Recent"}),
        (Flags{"$Label1", "\\Answered", "\\Seen"}));
    EXPECT_EQ(normalised_flags({"\\Recent"}), Flags{});
    EXPECT_EQ(normalised_flags({"seen", "Seen"}), (Flags{"Seen", "seen"}))
        << "as the server spells";
}

TEST(InternalDate, IsTheInstantAndTheZone)
{
    EXPECT_EQ((InternalDate{5, 60}), (InternalDate{5, 60}));
    EXPECT_NE((InternalDate{5, 60}), (InternalDate{5, 0}));
}

}  // namespace
}  // namespace mailhold
