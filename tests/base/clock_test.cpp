// UTC and RFC 3339 both ways, and what is no time.

#include "mailhold/base/clock.hpp"

#include <cstdlib>

#include <gmock/gmock.h>

#include "support/kind_thrown_by.hpp"

namespace mailhold {
namespace {

using namespace std::chrono_literals;

std::int64_t seconds(Time time)
{
    return static_cast<std::int64_t>(time);
}

TEST(Utc, KnownInstants)
{
    EXPECT_EQ(format_utc(Time{0}), "1970-01-01T00:00:00Z");
    EXPECT_EQ(format_utc(Time{1773043626}), "2026-03-09T08:07:06Z");
    EXPECT_EQ(format_utc(Time{-1}), "1969-12-31T23:59:59Z");
    EXPECT_EQ(seconds(parse_utc("2024-02-29T23:59:59Z").value()), 1709251199);
}

TEST(Utc, ExtremeInstantsAreClampedNotWrapped)
{
    EXPECT_EQ(format_utc(Time{INT64_MAX}), "9999-12-31T23:59:59Z");
    EXPECT_EQ(format_utc(Time{INT64_MIN}), "0000-01-01T00:00:00Z");
}

TEST(Utc, EveryDayOfFourCenturiesComesBack)
{
    for (std::int64_t day = -146097; day < 146097; ++day) {
        const Time time{day * 86400 + (day & 0x7fff)};
        ASSERT_EQ(parse_utc(format_utc(time)), time) << day;
    }
}

TEST(Utc, AnythingElseIsNoTime)
{
    for (std::string_view text : {"",
                                  "Z",
                                  "2026-03-09",
                                  "2026-03-09T08:07:06",
                                  "2026-03-09T08:07:06z",
                                  "2026-03-09 08:07:06Z",
                                  "2026-02-29T00:00:00Z",
                                  "2026-13-01T00:00:00Z",
                                  "2026-00-01T00:00:00Z",
                                  "2026-01-00T00:00:00Z",
                                  "2026-04-31T00:00:00Z",
                                  "2026-03-09T24:00:00Z",
                                  "2026-03-09T08:60:00Z",
                                  "2026-03-09T08:07:60Z",
                                  "2026-3-09T08:07:06Z",
                                  "+026-03-09T08:07:06Z",
                                  "2026-03-09T08:07:06.5Z",
                                  "2026-03-09T08:07:06ZZ",
                                  "2026-03-09T08:07:06+00:00",
                                  " 2026-03-09T08:07:06Z"})
        EXPECT_FALSE(parse_utc(text)) << text;
}

TEST(Rfc3339, KeepsTheZone)
{
    const InternalDate leap{1709222399, 480};
    EXPECT_EQ(format_rfc3339(leap), "2024-02-29T23:59:59+08:00");
    EXPECT_EQ(parse_rfc3339("2024-02-29T23:59:59+08:00"), leap);
    EXPECT_EQ(format_rfc3339({1709251199, 0}), "2024-02-29T23:59:59+00:00");
    EXPECT_EQ(format_rfc3339({1709251199, -570}), "2024-02-29T14:29:59-09:30");
    for (const int zone : {-1439, -721, -1, 0, 1, 840, 1439}) {
        const InternalDate date{-347155200, zone};
        EXPECT_EQ(parse_rfc3339(format_rfc3339(date)), date) << zone;
    }
}

TEST(Rfc3339, AnythingElseIsNoDate)
{
    for (std::string_view text :
         {"", "2024-02-29T23:59:59", "2024-02-29T23:59:59+0800", "2024-02-29T23:59:59+24:00",
          "2024-02-29T23:59:59+08:60", "2024-02-29T23:59:59 08:00", "2024-02-30T23:59:59+08:00",
          "2024-02-29T23:59:59+08:00x"})
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), (InternalDate{0, 0}));
}

TEST(Now, CanBePretendedByTests)
{
    ::setenv("MAILHOLD_TEST_NOW", "2026-03-09T08:07:06Z", 1);
    EXPECT_EQ(format_utc(now()), "2026-03-09T08:07:06Z");
    ::setenv("MAILHOLD_TEST_NOW", "yesterday", 1);
    EXPECT_EQ(test::kind_thrown_by([] { return now(); }), ErrorKind::usage);
    ::unsetenv("MAILHOLD_TEST_NOW");
    EXPECT_GT(seconds(now()), 1700000000);
}

TEST(Deadline, PassesAndIsCapped)
{
    EXPECT_FALSE(Deadline().passed());
    EXPECT_EQ(Deadline().left(7s), 7s);
    EXPECT_TRUE(Deadline(-1ms).passed());
    EXPECT_EQ(Deadline(-1ms).left(7s), 0ms);
    const Deadline later(1h);
    EXPECT_FALSE(later.passed());
    EXPECT_EQ(later.left(7s), 7s);
    EXPECT_GT(later.left(2h), 59min);
}

}  // namespace
}  // namespace mailhold
