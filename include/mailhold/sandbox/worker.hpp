#pragma once
// Worker processes: this program started again, confined, to handle what strangers sent. A worker
// that crashes, hangs or swells costs one answer.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/clock.hpp"
#include "mailhold/base/file.hpp"

namespace mailhold::sandbox {

/// What a worker does.
struct WorkerRole {
    std::string_view name;                 ///< its first argument: "--document-worker"
    std::function<void()> prepare;         ///< loads what takes files; still unconfined
    std::vector<std::string> readable;     ///< folders whose files may be opened for reading
    std::uint64_t max_question_bytes = 0;  ///< a longer question ends the worker
    std::function<ByteBuffer(Bytes question)> answer;  ///< an exception ends the worker
};

/// What main() calls first. When this process was started as a worker of `role`: confines itself,
/// answers questions until its parent goes, and exits. Else only notes that workers can be started.
void serve_if_worker(int argc, char** argv, const WorkerRole& role);

struct WorkerLimits {
    std::uint64_t memory_bytes = 0;    ///< address space; not enforced under a sanitizer
    std::chrono::seconds cpu_time{0};  ///< for one question; the worker dies of it
};

/// A running worker. It inherits no descriptor, no environment and no memory; it cannot write
/// files, start programs, or use the network; it dies with this process. Not for sharing by
/// threads; may be used by one thread after another.
class WorkerProcess {
public:
    /// Throws storage when the process cannot be started, bug when serve_if_worker() was not called
    /// for this role (the program started again would then do something else).
    /// `readable_file`: may be opened for reading besides what the role names; an absolute path.
    WorkerProcess(std::string_view role, const WorkerLimits& limits,
                  const std::string& readable_file = {});
    ~WorkerProcess();  ///< ends it
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    enum class Result { answered, died, out_of_time };

    /// Sends the question, which is `pieces` one behind another, and waits for the answer. After
    /// any other result than answered the worker is gone. An answer over `max_answer_bytes` counts
    /// as died.
    Result ask(std::span<const Bytes> pieces, ByteBuffer& answer, std::uint64_t max_answer_bytes,
               const Deadline& deadline);

    pid_t pid() const noexcept { return pid_; }

private:
    bool wait_until(short events, const Deadline& deadline) const;
    void allow_cpu_time() const;
    void end() noexcept;

    pid_t pid_ = -1;
    WorkerLimits limits_;
    FileDescriptor socket_;
    FileDescriptor lifeline_;  ///< the worker ends when this end closes, even while it works
};

}  // namespace mailhold::sandbox
