// Limits first, then Landlock (which files), then seccomp (which system calls).

#include "confinement.hpp"

#include <cerrno>
#include <initializer_list>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/sanitized.hpp"

namespace mailhold::sandbox {

namespace {

[[noreturn]] void fail(std::string_view doing, int code)
{
    throw Error(ErrorKind::storage,
                fmt::format("{}: {}", doing, std::generic_category().message(code)));
}

void limit(__rlimit_resource resource, std::uint64_t value)
{
    const rlimit both{value, value};
    if (setrlimit(resource, &both) != 0)
        fail("cannot limit a worker", errno);
}

// Landlock has no functions in libc (landlock(7)).

int landlock_version()
{
    return static_cast<int>(syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0},
                                    LANDLOCK_CREATE_RULESET_VERSION));
}

/// Every kind of access to files that this version of Landlock can forbid.
std::uint64_t all_file_access(int version)
{
    constexpr int bits_of_first = 13;                // up to LANDLOCK_ACCESS_FS_MAKE_SYM
    const int later = version >= 5   ? 3             // IOCTL_DEV
                      : version >= 3 ? 2             // TRUNCATE
                                     : version - 1;  // REFER
    return (std::uint64_t{1} << (bits_of_first + later)) - 1;
}

void allow_reading(int ruleset, const std::string& path)
{
    const FileDescriptor opened(open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat found = {};
    if (!opened || fstat(opened.get(), &found) != 0)
        return;  // what is not there need not be allowed; whoever needs it says so
    const std::uint64_t of_folders = S_ISDIR(found.st_mode) ? LANDLOCK_ACCESS_FS_READ_DIR : 0;
    const landlock_path_beneath_attr rule{
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | of_folders,
        .parent_fd = opened.get(),
    };
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) != 0)
        fail("cannot confine a worker", errno);
}

void confine_files(const std::vector<std::string>& readable)
{
    const int version = landlock_version();
    if (version < 1)
        return;
    // The first field only: a kernel takes a shorter structure as one with zeros behind.
    const std::uint64_t handled = all_file_access(version);
    const FileDescriptor ruleset(
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0U)));
    if (!ruleset)
        fail("cannot confine a worker", errno);
    for (const std::string& path : readable)
        allow_reading(ruleset.get(), path);
    if (syscall(SYS_landlock_restrict_self, ruleset.get(), 0U) != 0)
        fail("cannot confine a worker", errno);
}

class Filter {
public:
    explicit Filter(std::uint32_t otherwise) : context_(seccomp_init(otherwise))
    {
        if (!context_)
            fail("cannot make a seccomp filter", ENOMEM);
    }

    void allow(std::initializer_list<int> calls)
    {
        for (const int call : calls)
            add(SCMP_ACT_ALLOW, call, {});
    }

    void kill(std::initializer_list<int> calls)
    {
        for (const int call : calls)
            add(SCMP_ACT_KILL_PROCESS, call, {});
    }

    /// Only where none of the bits `mask` is set in argument `number`.
    void allow_without(int call, unsigned number, std::uint64_t mask)
    {
        add(SCMP_ACT_ALLOW, call, {{number, SCMP_CMP_MASKED_EQ, mask, 0}});
    }

    void allow_if_equal(int call, unsigned number, std::uint64_t value)
    {
        add(SCMP_ACT_ALLOW, call, {{number, SCMP_CMP_EQ, value, 0}});
    }

    void load() const
    {
        if (const int result = seccomp_load(context_.get()); result != 0)
            fail("cannot load a seccomp filter", -result);
    }

private:
    struct Release {
        void operator()(void* context) const { seccomp_release(context); }
    };

    void add(std::uint32_t action, int call, const std::vector<scmp_arg_cmp>& conditions)
    {
        const int result =
            seccomp_rule_add_array(context_.get(), action, call,
                                   static_cast<unsigned>(conditions.size()), conditions.data());
        if (result != 0 && result != -EDOM)  // EDOM: this architecture has no such call
            fail("cannot make a seccomp filter", -result);
    }

    std::unique_ptr<void, Release> context_;
};

void allow_memory(Filter& filter)
{
    filter.allow({SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise)});
    filter.allow_without(SCMP_SYS(mmap), 2, PROT_EXEC);
    filter.allow_without(SCMP_SYS(mprotect), 2, PROT_EXEC);
}

/// Descriptors that are open already, and files to read.
void allow_files(Filter& filter)
{
    constexpr std::uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
    filter.allow_without(SCMP_SYS(open), 1, writing);
    filter.allow_without(SCMP_SYS(openat), 2, writing);
    filter.allow(
        {SCMP_SYS(read),       SCMP_SYS(readv),     SCMP_SYS(pread64),    SCMP_SYS(write),
         SCMP_SYS(writev),     SCMP_SYS(recvfrom),  SCMP_SYS(sendto),     SCMP_SYS(poll),
         SCMP_SYS(ppoll),      SCMP_SYS(close),     SCMP_SYS(lseek),      SCMP_SYS(fstat),
         SCMP_SYS(newfstatat), SCMP_SYS(stat),      SCMP_SYS(lstat),      SCMP_SYS(statx),
         SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
         SCMP_SYS(readlinkat), SCMP_SYS(getdents64)});
    filter.allow_if_equal(SCMP_SYS(fcntl), 1, F_GETFD);
    filter.allow_if_equal(SCMP_SYS(fcntl), 1, F_GETFL);
    filter.allow_if_equal(SCMP_SYS(fcntl), 1, F_SETFD);
}

/// What libc does on its own account.
void allow_runtime(Filter& filter)
{
    filter.allow({SCMP_SYS(exit),
                  SCMP_SYS(exit_group),
                  SCMP_SYS(futex),
                  SCMP_SYS(rt_sigaction),
                  SCMP_SYS(rt_sigprocmask),
                  SCMP_SYS(rt_sigreturn),
                  SCMP_SYS(sigaltstack),
                  SCMP_SYS(restart_syscall),
                  SCMP_SYS(getpid),
                  SCMP_SYS(gettid),
                  SCMP_SYS(clock_gettime),
                  SCMP_SYS(clock_getres),
                  SCMP_SYS(gettimeofday),
                  SCMP_SYS(time),
                  SCMP_SYS(getrandom),
                  SCMP_SYS(sched_yield),
                  SCMP_SYS(getrusage),
                  SCMP_SYS(uname),
                  SCMP_SYS(sysinfo),
                  SCMP_SYS(getuid),
                  SCMP_SYS(geteuid),
                  SCMP_SYS(getgid),
                  SCMP_SYS(getegid),
                  SCMP_SYS(sched_getaffinity),
                  SCMP_SYS(set_robust_list),
                  SCMP_SYS(rseq)});
    if (is_sanitized)  // it asks pipes whether memory can be read
        filter.allow({SCMP_SYS(pipe2)});
    filter.allow_if_equal(SCMP_SYS(tgkill), 0, static_cast<std::uint64_t>(getpid()));  // abort()
}

void filter_system_calls()
{
    // A library that asks for something odd gets EPERM and goes on; what no parser ever does ends
    // the process.
    Filter filter(SCMP_ACT_ERRNO(EPERM));
    allow_memory(filter);
    allow_files(filter);
    allow_runtime(filter);
    filter.kill({SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork),
                 SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(socket), SCMP_SYS(connect),
                 SCMP_SYS(bind), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
                 SCMP_SYS(process_vm_writev), SCMP_SYS(kill), SCMP_SYS(io_uring_setup),
                 SCMP_SYS(bpf), SCMP_SYS(mount), SCMP_SYS(unshare), SCMP_SYS(setns)});
    filter.load();
}

}  // namespace

void confine(std::uint64_t memory_bytes, const std::vector<std::string>& readable)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, 32);
    if (!is_sanitized)  // a sanitizer's shadow takes terabytes of address space
        limit(RLIMIT_AS, memory_bytes);
    if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        fail("cannot confine a worker", errno);
    confine_files(readable);
    filter_system_calls();
}

}  // namespace mailhold::sandbox
