#pragma once
// A shell command as a child process with its output in pipes.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "mailhold/base/file.hpp"

namespace mailhold::credentials {

/// Starts at construction; killed with all it started, and reaped, by the destructor.
class Child {
public:
    /// `/bin/sh -c command`, stdin empty, in a process group of its own. Throws storage when it
    /// cannot start.
    explicit Child(std::string_view command);
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    /// Non-blocking ends to read from.
    const FileDescriptor& output() const { return output_; }
    const FileDescriptor& errors() const { return errors_; }

    /// Waits up to `limit` for output or errors to come.
    void wait_for_news(std::chrono::milliseconds limit, bool output_open, bool errors_open) const;

    /// The status of waitpid(2) once it has ended.
    std::optional<int> ended();

private:
    FileDescriptor output_;
    FileDescriptor errors_;
    pid_t pid_ = -1;
    std::optional<int> status_;
};

/// "exit status 3", "signal 9 (Killed)".
std::string describe_status(int status);

}  // namespace mailhold::credentials
