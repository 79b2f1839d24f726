// posix_spawn, because a fork would copy a process that holds keys.

#include "child.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/sandbox/spawn_attributes.hpp"

namespace mailhold::credentials {

namespace {

[[noreturn]] void fail(std::string_view doing, int code)
{
    throw Error(ErrorKind::storage,
                fmt::format("{}: {}", doing, std::generic_category().message(code)));
}

struct Pipe {
    FileDescriptor reading;
    FileDescriptor writing;
};

Pipe make_pipe()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        fail("cannot make a pipe", errno);
    Pipe pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
    // Our end only: the child expects a writing end that blocks.
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
        fail("cannot prepare a pipe", errno);
    return pipe;
}

class FileActions {
public:
    FileActions() { ::posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t* get() { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

}  // namespace

Child::Child(std::string_view command)
{
    Pipe output = make_pipe();
    Pipe errors = make_pipe();
    FileActions actions;
    ::posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(actions.get(), output.writing.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(actions.get(), errors.writing.get(), STDERR_FILENO);
    const sandbox::SpawnAttributes attributes;

    std::string shell = "sh";
    std::string option = "-c";
    std::string text(command);
    char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    if (const int code =
            ::posix_spawn(&pid_, "/bin/sh", actions.get(), attributes.get(), arguments, ::environ))
        fail("cannot start /bin/sh", code);
    output_ = std::move(output.reading);
    errors_ = std::move(errors.reading);
}

Child::~Child()
{
    if (status_)
        return;
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR)
        continue;
}

void Child::wait_for_news(std::chrono::milliseconds limit, bool output_open, bool errors_open) const
{
    if (!output_open && !errors_open) {
        std::this_thread::sleep_for(limit);
        return;
    }
    pollfd ends[2] = {{output_open ? output_.get() : -1, POLLIN, 0},
                      {errors_open ? errors_.get() : -1, POLLIN, 0}};
    ::poll(ends, 2, static_cast<int>(limit.count()));
}

std::optional<int> Child::ended()
{
    if (status_)
        return status_;
    int status = 0;
    const pid_t found = ::waitpid(pid_, &status, WNOHANG);
    if (found < 0 && errno != EINTR)
        fail("cannot wait for a command", errno);
    if (found == pid_)
        status_ = status;
    return status_;
}

std::string describe_status(int status)
{
    if (WIFSIGNALED(status))
        return fmt::format("signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
    return fmt::format("exit status {}", WEXITSTATUS(status));
}

}  // namespace mailhold::credentials
