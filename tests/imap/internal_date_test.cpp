#include <gtest/gtest.h>

#include "internal_date.hpp"

namespace mailhold::imap {
namespace {

TEST(InternalDate, ReadsInstantsAndZones)
{
    struct Case {
        std::string_view text;
        InternalDate date;
    };
    for (const auto& [text, date] : std::vector<Case>{
             {"17-Jul-1996 02:44:25 -0700", {837596665, -420}},
             {" 1-Jan-1970 00:00:00 +0000", {0, 0}},
             {"1-Jan-1970 00:00:00 +0000", {0, 0}},
             {"01-jan-1970 00:00:00 -0000", {0, 0}},
             {"01-Jan-1970 14:00:00 +1400", {0, 840}},
             {"29-Feb-2024 23:59:59 +0800", {1709222399, 480}},
             {"31-Dec-1959 23:59:59 +0000", {-315619201, 0}},
             {"01-Jan-1970 00:00:00 +0530", {-19800, 330}},
             {"01-Jan-1970 00:00:00 +2359", {-86340, 1439}},
             {"30-Jun-2015 23:59:60 +0000", {1435708800, 0}},
             {"31-Dec-9999 23:59:59 +0000", {253402300799, 0}},
         }) {
        const auto parsed = parse_internal_date(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(*parsed, date) << text << ' ' << parsed->epoch_seconds;
    }
}

TEST(InternalDate, Case36_WhatIsNoDateIsNotTold)
{
    for (std::string_view text : {"",
                                  " ",
                                  "31-Feb-2020 00:00:00 +0000",
                                  "29-Feb-2023 00:00:00 +0000",
                                  "00-Jan-2020 00:00:00 +0000",
                                  "32-Jan-2020 00:00:00 +0000",
                                  "01-Foo-2020 00:00:00 +0000",
                                  "01-Jan-20 00:00:00 +0000",
                                  "01-Jan-2020 24:00:00 +0000",
                                  "01-Jan-2020 00:60:00 +0000",
                                  "01-Jan-2020 00:00:61 +0000",
                                  "01-Jan-2020 00:00:00",
                                  "01-Jan-2020 00:00:00 GMT",
                                  "01-Jan-2020 00:00:00 +2400",
                                  "01-Jan-2020 00:00:00 +0060",
                                  "01-Jan-2020 00:00:00 +00",
                                  "01-Jan-2020 00:00:00 +00000",
                                  "2020-01-01 00:00:00 +0000",
                                  "1",
                                  "01-",
                                  "01-Ja",
                                  "-1-Jan-2020 00:00:00 +0000"})
        EXPECT_EQ(parse_internal_date(text), std::nullopt) << text;
}

}  // namespace
}  // namespace mailhold::imap
