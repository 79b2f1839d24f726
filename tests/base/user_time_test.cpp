// Times as people type them, in a zone of their own.

#include "mailhold/base/clock.hpp"

#include <cstdlib>
#include <ctime>

#include <gmock/gmock.h>

#include "support/kind_thrown_by.hpp"

namespace mailhold {
namespace {

class UserTime : public testing::Test {
protected:
    UserTime()
    {
        ::setenv("TZ", "Asia/Shanghai", 1);
        ::tzset();
        ::setenv("MAILHOLD_TEST_NOW", "2026-03-09T20:00:00Z", 1);  // the 10th in Shanghai
    }

    ~UserTime() override
    {
        ::unsetenv("TZ");
        ::tzset();
        ::unsetenv("MAILHOLD_TEST_NOW");
    }
};

TEST_F(UserTime, IsReadInTheLocalZoneUnlessOneIsWritten)
{
    const std::pair<std::string_view, std::string_view> table[] = {
        {"now", "2026-03-09T20:00:00Z"},
        {"yesterday", "2026-03-09T15:59:59Z"},
        {"2026-03-09", "2026-03-09T15:59:59Z"},
        {"2024-02-29", "2024-02-29T15:59:59Z"},
        {"2026-03-09T18:30", "2026-03-09T10:30:00Z"},
        {"2026-03-09 18:30", "2026-03-09T10:30:00Z"},
        {"2026-03-09T18:30:15", "2026-03-09T10:30:15Z"},
        {"2026-03-09T18:30:15Z", "2026-03-09T18:30:15Z"},
        {"2026-03-09T18:30Z", "2026-03-09T18:30:00Z"},
        {"2026-03-09T18:30:15+08:00", "2026-03-09T10:30:15Z"},
        {"2026-03-09 18:30:15-0930", "2026-03-10T04:00:15Z"},
        {"2026-03-09T18:30-09:30", "2026-03-10T04:00:00Z"}};
    for (const auto& [typed, utc] : table)
        EXPECT_EQ(format_utc(parse_user_time(typed)), utc) << typed;
}

TEST_F(UserTime, YesterdayCrossesMonths)
{
    ::setenv("MAILHOLD_TEST_NOW", "2026-02-28T20:00:00Z", 1);  // 1 March in Shanghai
    EXPECT_EQ(format_utc(parse_user_time("yesterday")), "2026-02-28T15:59:59Z");
}

TEST_F(UserTime, AnythingElseIsAUsageErrorWithAHint)
{
    for (std::string_view text :
         {"", "today-ish", "09.03.2026", "2026-02-30", "2026-3-9", "2026-03-09T",
          "2026-03-09T25:00", "2026-03-09T18:30:15+25:00", "2026-03-09T18:30:15 CET",
          "2026-03-09T18:30:15+8", "20260309", "2026-03-09T18:30:15ZZ"}) {
        try {
            parse_user_time(text);
            ADD_FAILURE() << text;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::usage) << text;
            EXPECT_THAT(e.hint(), testing::HasSubstr("2026-03-09"));
        }
    }
}

}  // namespace
}  // namespace mailhold
