// Progress from many threads at once, shown to nobody in particular.

#include "progress_display.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace mailhold::cli {
namespace {

TEST(ProgressDisplay, EventsFromManyThreadsDoNoHarm)
{
    testing::internal::CaptureStderr();
    {
        ProgressDisplay display(false);
        std::vector<std::jthread> threads;
        for (int account = 0; account < 8; ++account)
            threads.emplace_back([&display, account] {
                ProgressEvent event{.account = "账户" + std::to_string(account) + "\x1b@example",
                                    .folder = "\xff"};
                for (std::uint64_t done = 0; done <= 2'000; ++done) {
                    event.messages_done = done;
                    event.messages_total = done % 3 == 0 ? 0 : 2'000;
                    event.bytes_done = done * 1'000'000'000;
                    event.finished = done == 2'000;
                    display.report(event);
                }
            });
    }
    const std::string shown = testing::internal::GetCapturedStderr();
    EXPECT_EQ(shown.find("\x1b@"), std::string::npos) << "names cannot steer the terminal";
}

TEST(ProgressDisplay, AQuietOneSaysNothing)
{
    testing::internal::CaptureStderr();
    {
        ProgressDisplay display(true);
        display.report({.account = "a@example.com", .folder = "", .messages_done = 1});
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace mailhold::cli
