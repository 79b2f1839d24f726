// Dates as queries name them, in a zone of their own.

#include <cstdlib>
#include <ctime>

#include <gmock/gmock.h>

#include "dates.hpp"
#include "mailhold/search/expression.hpp"

namespace mailhold::search {
namespace {

/// In Berlin, where summer time changes the length of days.
class Dates : public testing::Test {
protected:
    Dates()
    {
        setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
        tzset();
    }
    ~Dates() override
    {
        unsetenv("TZ");
        tzset();
    }

    /// "from until" as UTC.
    static std::string span(std::string_view text)
    {
        const auto found = parse_point(text, now_);
        if (!found)
            return "none";
        return format_utc(Time{found->from}) + " " + format_utc(Time{found->until});
    }

    static constexpr Time now_{1'773'099'000};  // 2026-03-09T23:30:00Z, the 10th in Berlin
};

TEST_F(Dates, CoverTheirYearMonthDayOrMinute)
{
    EXPECT_EQ(span("2026"), "2025-12-31T23:00:00Z 2026-12-31T23:00:00Z");
    EXPECT_EQ(span("2026-12"), "2026-11-30T23:00:00Z 2026-12-31T23:00:00Z");
    EXPECT_EQ(span("2026-03-09"), "2026-03-08T23:00:00Z 2026-03-09T23:00:00Z");
    EXPECT_EQ(span("2026-3-9"), span("2026-03-09"));
    EXPECT_EQ(span("2026/03/09"), span("2026-03-09"));
    EXPECT_EQ(span("2026-03-09T18:30"), "2026-03-09T17:30:00Z 2026-03-09T17:31:00Z");
    EXPECT_EQ(span("2026-03-09T18:30:05"), "2026-03-09T17:30:05Z 2026-03-09T17:30:06Z");
    EXPECT_EQ(span("2026-03-09T18:30:05Z"), "2026-03-09T18:30:05Z 2026-03-09T18:30:06Z");
    EXPECT_EQ(span("1950-01-01"), "1949-12-31T23:00:00Z 1950-01-01T23:00:00Z");
}

TEST_F(Dates, TheDayTheClocksChangeHas23Hours)
{
    EXPECT_EQ(span("2026-03-29"), "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z");
}

TEST_F(Dates, CountDaysWeeksMonthsAndYearsBack)
{
    EXPECT_EQ(span("today"), "2026-03-09T23:00:00Z 2026-03-10T23:00:00Z");
    EXPECT_EQ(span("yesterday"), "2026-03-08T23:00:00Z 2026-03-09T23:00:00Z");
    EXPECT_EQ(span("7d"), "2026-03-02T23:00:00Z 2026-03-03T23:00:00Z");
    EXPECT_EQ(span("1w"), span("7d"));
    EXPECT_EQ(span("0d"), span("today"));
    EXPECT_EQ(span("1m"), "2026-02-09T23:00:00Z 2026-02-10T23:00:00Z");
    EXPECT_EQ(span("3m"), "2025-12-09T23:00:00Z 2025-12-10T23:00:00Z");
    EXPECT_EQ(span("1y"), span("12m"));
    EXPECT_EQ(span("2h"), "2026-03-09T21:30:00Z 2026-03-09T21:30:01Z");
    EXPECT_EQ(span("now"), "2026-03-09T23:30:00Z 2026-03-09T23:30:01Z");
}

TEST_F(Dates, AMonthAgoFromALongMonthsEndIsTheShortOnesLastDay)
{
    const Time end_of_march{1'774'951'200};  // 2026-03-31T10:00:00Z
    const auto found = parse_point("1m", end_of_march);
    ASSERT_TRUE(found);
    EXPECT_EQ(format_utc(Time{found->from}), "2026-02-27T23:00:00Z");
}

TEST_F(Dates, WhatIsNoDateIsRefused)
{
    for (const std::string_view text : {"",
                                        "x",
                                        "26",
                                        "0026",
                                        "20260309",
                                        "2026-00",
                                        "2026-13",
                                        "2026-02-29",
                                        "2026-03-",
                                        "-03",
                                        "2026-03-09T",
                                        "2026-03-09T25:00",
                                        "2026-03-09T18:30:05Q",
                                        "2026-03-09 18:30",
                                        "d",
                                        "7",
                                        "-7d",
                                        "7x",
                                        "9999999d",
                                        "tomorrow",
                                        "2026-03-09-01",
                                        "2026--03"})
        EXPECT_EQ(span(text), "none") << text;
}

TEST_F(Dates, RangesAreOpenOrClosedAndReachToTheEndOfTheirLastDay)
{
    const auto range = [](std::string_view query) {
        const Expression parsed = parse(query, now_).expression;
        EXPECT_EQ(parsed.kind, Expression::Kind::dated);
        return (parsed.from == no_start ? "" : format_utc(Time{parsed.from})) + ".." +
               (parsed.until == no_end ? "" : format_utc(Time{parsed.until}));
    };
    EXPECT_EQ(range("date:2026-01..2026-03"), "2025-12-31T23:00:00Z..2026-03-31T22:00:00Z");
    EXPECT_EQ(range("date:2026-01..2026-01"), range("date:2026-01"));
    EXPECT_EQ(range("date:7d.."), "2026-03-02T23:00:00Z..");
    EXPECT_EQ(range("date:..2025"), "..2025-12-31T23:00:00Z");
    EXPECT_EQ(range("after:2026-03-09"), "2026-03-08T23:00:00Z..");
    EXPECT_EQ(range("before:2026-03-09"), "..2026-03-08T23:00:00Z");
    EXPECT_EQ(range("after:1w"), "2026-03-02T23:00:00Z..");
}

}  // namespace
}  // namespace mailhold::search
