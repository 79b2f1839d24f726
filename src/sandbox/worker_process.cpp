// The parent's side: posix_spawn, because a fork would copy a process that holds keys.

#include "mailhold/sandbox/worker.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/sandbox/spawn_attributes.hpp"

#include "worker_channel.hpp"

namespace mailhold::sandbox {

namespace {

[[noreturn]] void fail(std::string_view doing, int code)
{
    throw Error(ErrorKind::storage,
                fmt::format("{}: {}", doing, std::generic_category().message(code)));
}

struct Ends {
    FileDescriptor ours;
    FileDescriptor theirs;
};

Ends make_socket()
{
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
        fail("cannot make a socket for a worker", errno);
    return {FileDescriptor(pair[0]), FileDescriptor(pair[1])};
}

Ends make_lifeline()
{
    std::array<int, 2> pair{};
    if (::pipe2(pair.data(), O_CLOEXEC) != 0)
        fail("cannot make a pipe for a worker", errno);
    return {FileDescriptor(pair[1]), FileDescriptor(pair[0])};
}

/// What the child's descriptors become: nothing is inherited but the two that join it to us.
class FileActions {
public:
    FileActions(const FileDescriptor& socket, const FileDescriptor& lifeline)
    {
        ::posix_spawn_file_actions_init(&actions_);
        // First out of the way of the numbers they shall have.
        const int high = std::max({socket.get(), lifeline.get(), lifeline_descriptor}) + 1;
        ::posix_spawn_file_actions_adddup2(&actions_, socket.get(), high);
        ::posix_spawn_file_actions_adddup2(&actions_, lifeline.get(), high + 1);
        ::posix_spawn_file_actions_adddup2(&actions_, high, socket_descriptor);
        ::posix_spawn_file_actions_adddup2(&actions_, high + 1, lifeline_descriptor);
        for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            ::posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null", O_RDWR, 0);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, lifeline_descriptor + 1);
    }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

}  // namespace

WorkerProcess::WorkerProcess(std::string_view role, const WorkerLimits& limits,
                             const std::string& readable_file)
    : limits_(limits)
{
    if (!serves_role(role))
        throw Error(ErrorKind::bug, fmt::format("main() does not serve {}", role));
    Ends socket = make_socket();
    Ends lifeline = make_lifeline();
    const FileActions actions(socket.theirs, lifeline.theirs);
    const SpawnAttributes attributes;
    std::string program = "mailhold";
    std::string role_argument(role);
    std::string memory = fmt::format("{}", limits.memory_bytes);
    std::string file = readable_file;
    const std::array<char*, 5> arguments{program.data(), role_argument.data(), memory.data(),
                                         file.empty() ? nullptr : file.data(), nullptr};
    // Else each mktime() of a library looks for the file of the time zone, which is out of reach.
    std::string time_zone = "TZ=UTC0";
    const std::array<char*, 2> environment{time_zone.data(), nullptr};
    if (const int code = ::posix_spawn(&pid_, "/proc/self/exe", actions.get(), attributes.get(),
                                       arguments.data(), environment.data()))
        fail("cannot start a worker process", code);
    socket_ = std::move(socket.ours);
    lifeline_ = std::move(lifeline.ours);
}

WorkerProcess::~WorkerProcess()
{
    end();
}

void WorkerProcess::end() noexcept
{
    if (pid_ < 0)
        return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR)
        continue;
    pid_ = -1;
}

/// False when the deadline passes first. An end that was closed counts as ready: the next call
/// tells.
bool WorkerProcess::wait_until(short events, const Deadline& deadline) const
{
    using namespace std::chrono_literals;
    while (!deadline.passed()) {
        pollfd end{socket_.get(), events, 0};
        if (::poll(&end, 1, static_cast<int>(deadline.left(1s).count()) + 1) > 0)
            return true;
    }
    return false;
}

/// From outside, so that the worker cannot allow itself more.
void WorkerProcess::allow_cpu_time() const
{
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        return;  // it is dead, which asking it will tell
    const auto seconds = static_cast<rlim_t>(used.tv_sec + limits_.cpu_time.count() + 1);
    const rlimit limit{seconds, RLIM_INFINITY};
    ::prlimit(pid_, RLIMIT_CPU, &limit, nullptr);
}

WorkerProcess::Result WorkerProcess::ask(std::span<const Bytes> pieces, ByteBuffer& answer,
                                         std::uint64_t max_answer_bytes, const Deadline& deadline)
{
    if (pid_ < 0)
        return Result::died;
    allow_cpu_time();
    const auto wait = [&](short events) { return wait_until(events, deadline); };
    Channel channel(socket_.get(), wait);
    channel.send(pieces);
    channel.receive(answer, max_answer_bytes);
    if (channel.state() == Channel::State::open)
        return Result::answered;
    end();
    return channel.state() == Channel::State::out_of_time ? Result::out_of_time : Result::died;
}

}  // namespace mailhold::sandbox
