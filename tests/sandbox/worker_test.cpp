// Workers: what they answer, what they cannot do, and what becomes of those that misbehave.

#include "mailhold/base/sanitized.hpp"
#include "mailhold/sandbox/worker.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::sandbox {
namespace {

using namespace std::chrono_literals;
using Result = WorkerProcess::Result;

constexpr WorkerLimits limits{.memory_bytes = 256 * mebibyte, .cpu_time = 20s};

constexpr bool memory_is_limited = !is_sanitized;

struct Answer {
    Result result = Result::died;
    std::string text;
};

Answer ask(WorkerProcess& worker, std::string_view question, std::chrono::milliseconds time = 20s)
{
    ByteBuffer answer;
    const Bytes piece = bytes_of(question);
    const Result result = worker.ask({&piece, 1}, answer, 1 * mebibyte, Deadline(time));
    return {result, std::string(text_of(answer))};
}

std::string answer_of_fresh(std::string_view question)
{
    WorkerProcess worker("--test-worker", limits);
    return ask(worker, question).text;
}

Result result_of_fresh(std::string_view question, std::chrono::milliseconds time = 20s)
{
    WorkerProcess worker("--test-worker", limits);
    return ask(worker, question, time).result;
}

TEST(Worker, AnswersOneQuestionAfterAnother)
{
    WorkerProcess worker("--test-worker", limits);
    for (const std::string_view word : {"one", "two", "three"})
        EXPECT_EQ(ask(worker, "say|" + std::string(word)).text, word);
}

TEST(Worker, PiecesArriveAsOneQuestionAndMayBeLargerThanASocketHolds)
{
    WorkerProcess worker("--test-worker", limits);
    const std::string large(900'000, 'x');
    const std::array<Bytes, 3> pieces{bytes_of("say|"), bytes_of(large), bytes_of("end")};
    ByteBuffer answer;
    ASSERT_EQ(worker.ask(pieces, answer, 1 * mebibyte, Deadline(20s)), Result::answered);
    EXPECT_EQ(text_of(answer), large + "end");
}

TEST(Worker, MayReadTheOneFileThatItWasStartedFor)
{
    const test::TempDir dir;
    const std::string own = dir.path() / "file";
    const std::string other = dir.path() / "other";
    std::ofstream(own) << "read me";
    std::ofstream(other) << "secret";
    WorkerProcess worker("--test-worker", limits, own);
    EXPECT_EQ(ask(worker, "read|" + own).text, "yes");
    EXPECT_EQ(ask(worker, "write|" + own).text, "no");
    EXPECT_EQ(ask(worker, "read|" + other).text, "no");
    EXPECT_EQ(ask(worker, "read|/etc/passwd").text, "no");
}

TEST(Worker, MayReadOnlyWhatItsRoleNamesAndWriteNothing)
{
    const test::TempDir dir;
    const std::string own = dir.path() / "file";
    std::ofstream(own) << "secret";
    EXPECT_EQ(answer_of_fresh("read|/usr/share/poppler/cMap/Adobe-GB1/UniGB-UCS2-H"), "yes");
    EXPECT_EQ(answer_of_fresh("read|" + own), "no");
    EXPECT_EQ(answer_of_fresh("read|/etc/passwd"), "no");
    EXPECT_EQ(answer_of_fresh("write|" + own), "no");
    EXPECT_EQ(answer_of_fresh("create|" + own + ".new"), "no");
    EXPECT_FALSE(std::filesystem::exists(own + ".new"));
}

TEST(Worker, CannotMakeMemoryExecutable)
{
    EXPECT_EQ(answer_of_fresh("execute memory"), "no");
}

TEST(Worker, DiesOfTryingToReachTheNetworkOrToRunAProgram)
{
    EXPECT_EQ(result_of_fresh("socket"), Result::died);
    EXPECT_EQ(result_of_fresh("exec"), Result::died);
}

TEST(Worker, InheritsNoDescriptorAndNoEnvironment)
{
    const test::TempDir dir;
    std::ofstream inherited(dir.path() / "file");  // an open file that could be a vault's
    const int without_cloexec = ::dup(STDERR_FILENO);
    EXPECT_EQ(answer_of_fresh("descriptors"), "0 1 2 3 4 ");
    EXPECT_EQ(answer_of_fresh("environment"), "TZ=UTC0\n");  // of its own
    ::close(without_cloexec);
}

TEST(Worker, CannotSwellBeyondItsMemory)
{
    if (memory_is_limited)
        EXPECT_EQ(answer_of_fresh("swell"), "bad_alloc");
    else
        EXPECT_EQ(answer_of_fresh("swell"), "a gibibyte");
}

TEST(Worker, ACrashAnExceptionOrAnOversizedAnswerEndsIt)
{
    EXPECT_EQ(result_of_fresh("crash"), Result::died);
    EXPECT_EQ(result_of_fresh("throw"), Result::died);
    WorkerProcess worker("--test-worker", limits);
    ByteBuffer answer;
    const Bytes question = bytes_of("long answer");
    EXPECT_EQ(worker.ask({&question, 1}, answer, 99'999, Deadline(20s)), Result::died);
    EXPECT_EQ(ask(worker, "say|more").result, Result::died);
}

TEST(Worker, AnEndlessOneIsKilledWhenItsTimeIsUp)
{
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(result_of_fresh("loop", 300ms), Result::out_of_time);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(Worker, AnEndlessOneDiesOfItsCpuTimeWhereNobodyKillsIt)
{
    WorkerProcess worker("--test-worker", {.memory_bytes = 256 * mebibyte, .cpu_time = 0s});
    EXPECT_EQ(ask(worker, "loop", 60s).result, Result::died);
}

TEST(Worker, OneKilledFromOutsideIsSeenAsDead)
{
    WorkerProcess worker("--test-worker", limits);
    ASSERT_EQ(ask(worker, "say|alive").text, "alive");
    ::kill(worker.pid(), SIGKILL);
    EXPECT_EQ(ask(worker, "say|again").result, Result::died);
}

TEST(Worker, OutlivesTheThreadThatStartedIt)
{
    std::unique_ptr<WorkerProcess> worker;
    std::thread([&] { worker = std::make_unique<WorkerProcess>("--test-worker", limits); }).join();
    std::this_thread::sleep_for(100ms);
    EXPECT_EQ(ask(*worker, "say|alive").text, "alive");
}

/// A child of ours that starts a worker, sets it an endless task, and is killed.
TEST(Worker, DiesWithItsParentEvenWhileItWorks)
{
    std::array<int, 2> numbers{};
    ASSERT_EQ(::pipe(numbers.data()), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        WorkerProcess worker("--test-worker", limits);
        const pid_t pid = worker.pid();
        if (::write(numbers[1], &pid, sizeof pid) == sizeof pid)
            ask(worker, "loop", 60s);
        ::_exit(0);
    }
    pid_t worker = 0;
    ASSERT_EQ(::read(numbers[0], &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
    std::this_thread::sleep_for(300ms);
    ASSERT_EQ(::kill(worker, 0), 0);
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    const auto is_running = [&] {
        std::ifstream stat("/proc/" + std::to_string(worker) + "/stat");
        std::string number, name, state;
        return static_cast<bool>(stat >> number >> name >> state) && state != "Z";
    };
    for (int i = 0; i < 100 && is_running(); ++i)
        std::this_thread::sleep_for(50ms);
    EXPECT_FALSE(is_running());
    ::close(numbers[0]);
    ::close(numbers[1]);
}

TEST(Worker, IsNotStartedByAProgramThatWouldNotServe)
{
    EXPECT_EQ(test::kind_thrown_by([] { WorkerProcess("--other-worker", limits); }),
              ErrorKind::bug);
}

}  // namespace
}  // namespace mailhold::sandbox
