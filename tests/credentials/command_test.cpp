// Commands that print a secret: the good one, and all the ways they fail.

#include "mailhold/credentials/command.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::credentials {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class Command : public testing::Test {
protected:
    static void SetUpTestSuite() { crypto::initialise(); }

    static std::string output(std::string_view command, std::chrono::milliseconds limit = 30s)
    {
        return std::string(text_of(run_secret_command(command, "a@b.c", limit).view()));
    }

    static Error failure(std::string_view command, std::chrono::milliseconds limit = 30s)
    {
        try {
            output(command, limit);
        } catch (const Error& e) {
            return e;
        }
        return {ErrorKind::bug, "did not fail"};
    }
};

TEST_F(Command, TheFirstLineIsTheSecret)
{
    const std::pair<std::string_view, std::string_view> table[] = {
        {"echo geheim", "geheim"},
        {"printf geheim", "geheim"},
        {"printf 'a b \\r\\nsecond\\n'", "a b "},
        {"printf '密码\\n'", "密码"},
        {"echo out; echo err >&2", "out"},
        {"cat; echo x", "x"},
        {"printf 'a\\000b\\n' ", std::string_view("a\0b", 3)},
        {"echo one | sed s/one/two/", "two"},
        {"echo ok; head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2", "ok"}};
    for (const auto& [command, secret] : table)
        EXPECT_EQ(output(command), secret) << command;
    EXPECT_EQ(output("head -c 65536 /dev/zero | tr '\\0' x; echo").size(), 65536U);
}

TEST_F(Command, FailuresAreRefusedAndNameTheAccountAndSayWhy)
{
    const std::pair<std::string_view, std::string_view> table[] = {
        {"exit 3", "a@b.c: the command for its password failed with exit status 3"},
        {"echo secret; echo 'no such\nentry' >&2; exit 1",
         "failed with exit status 1: no such entry"},
        {"kill -9 $$", "signal 9 (Killed)"},
        {"true", "printed nothing"},
        {"echo; echo second", "printed nothing"},
        {"head -c 65537 /dev/zero | tr '\\0' x", "too long"},
        {"/nonexistent/tool", "exit status 127"},
        {"printf '\\033[2Jred' >&2; false", "exit status 1: \\x1b[2Jred"}};
    for (const auto& [command, why] : table) {
        const Error error = failure(command);
        EXPECT_EQ(error.kind(), ErrorKind::refused) << command;
        EXPECT_THAT(error.what(), HasSubstr(std::string(why))) << command;
        EXPECT_THAT(error.what(), Not(HasSubstr("secret"))) << "stdout is not shown";
        EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
        EXPECT_THAT(error.hint(), HasSubstr("by hand"));
    }
}

TEST_F(Command, OneThatHangsIsKilledWithItsChildren)
{
    test::TempDir dir;
    const auto pid_file = dir.path() / "pid";
    const auto start = std::chrono::steady_clock::now();
    const Error error =
        failure("sleep 100 & echo $! > " + pid_file.string() + "; echo half; wait", 700ms);
    EXPECT_EQ(error.kind(), ErrorKind::refused);
    EXPECT_THAT(error.what(), HasSubstr("did not finish within 0.7 s"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);

    // Killed; whoever adopted it may take a moment to reap it.
    const pid_t sleeper = std::stoi(read_text_file(pid_file));
    const auto is_running = [&] {
        std::ifstream status("/proc/" + std::to_string(sleeper) + "/stat");
        std::string text;
        std::getline(status, text);
        return status && text.find(") Z") == text.npos;
    };
    for (int i = 0; i < 100 && is_running(); ++i)
        std::this_thread::sleep_for(50ms);
    EXPECT_FALSE(is_running());
}

TEST_F(Command, ADaemonThatKeepsTheOutputOpenDoesNotHoldUs)
{
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(output("sleep 30 & echo here", 25s), "here");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
}

TEST_F(Command, AStopRequestEndsIt)
{
    std::stop_source stop;
    const std::jthread stopper([&] {
        std::this_thread::sleep_for(100ms);
        stop.request_stop();
    });
    EXPECT_EQ(test::kind_thrown_by([&] {
                  return run_secret_command("sleep 100", "a@b.c", 50s, stop.get_token()).size();
              }),
              ErrorKind::interrupted);
}

TEST_F(Command, LeavesNoZombiesAndNoDescriptors)
{
    const auto open_descriptors = [] {
        return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
    };
    const auto before = open_descriptors();
    for (int i = 0; i < 5; ++i) {
        output("echo x");
        failure("exit 1");
        failure("sleep 100", 20ms);
    }
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no child is left to wait for";
}

TEST_F(Command, OurIgnoredSignalsAreNotInherited)
{
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    EXPECT_THAT(failure("kill -PIPE $$; echo survived").what(), HasSubstr("signal 13"));
    std::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace mailhold::credentials
