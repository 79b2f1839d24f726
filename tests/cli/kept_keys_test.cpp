// How long a vault may stay unlocked.

#include "kept_keys.hpp"

#include <gtest/gtest.h>

#include "mailhold/base/error.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::cli {
namespace {

TEST(UnlockTime, IsWrittenAsInTheConfig)
{
    EXPECT_EQ(unlock_time("45m"), std::chrono::minutes(45));
    EXPECT_EQ(unlock_time("2h"), std::chrono::hours(2));
    EXPECT_EQ(unlock_time("90s"), std::chrono::seconds(90));
    EXPECT_EQ(unlock_time("24h"), longest_unlock_time);
}

TEST(UnlockTime, OtherTextsAndTooLongTimesAreRefused)
{
    for (const char* text : {"", "30", "m", "-5m", "1.5h", "1h30m", "soon", "0m", "500ms", "25h",
                             "1441m", "99999999999999999999h"})
        EXPECT_EQ(test::kind_thrown_by([&] { unlock_time(text); }), ErrorKind::usage) << text;
}

}  // namespace
}  // namespace mailhold::cli
