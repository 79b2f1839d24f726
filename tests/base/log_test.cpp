// Log lines: one each, on stderr, at the right level.

#include "mailhold/base/log.hpp"

#include <gmock/gmock.h>

namespace mailhold {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string logged_at(log::Level level)
{
    testing::internal::CaptureStderr();
    log::set_level(level);
    log::debug("fine {}", 1);
    log::info("said {}", 2);
    log::warning("loud {}", 3);
    log::set_level(log::Level::normal);
    return testing::internal::GetCapturedStderr();
}

TEST(Log, LevelsFilter)
{
    EXPECT_THAT(logged_at(log::Level::quiet),
                AllOf(Not(HasSubstr("said")), HasSubstr("warning: loud 3\n")));
    EXPECT_THAT(logged_at(log::Level::normal),
                AllOf(Not(HasSubstr("fine")), HasSubstr("info: said 2\n")));
    EXPECT_THAT(logged_at(log::Level::verbose), HasSubstr("debug: fine 1\n"));
}

TEST(Log, AServersTextCannotForgeALine)
{
    testing::internal::CaptureStderr();
    log::warning_line("folder a\nwarning: \x1b[2Jforged {}");
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("folder a\\x0awarning: \\x1b[2Jforged {}\n"));
}

}  // namespace
}  // namespace mailhold
