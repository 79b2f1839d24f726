// Calls to the kernel by their numbers, the laboratory between.

#include "calls.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mailhold::faults {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_descriptors = 65'536;
std::array<std::atomic<bool>, max_descriptors> written;  // since it was opened

void set_written(int fd, bool is)
{
    if (fd >= 0 && static_cast<std::size_t>(fd) < max_descriptors)
        written[static_cast<std::size_t>(fd)] = is;
}

bool is_written(int fd)
{
    return fd >= 0 && static_cast<std::size_t>(fd) < max_descriptors &&
           written[static_cast<std::size_t>(fd)];
}

/// What an open descriptor leads to: a path, or such as "socket:[7]".
fs::path path_of(int fd)
{
    char link[32];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    char path[4096];
    const long length = ::syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path);
    return length < 0 ? fs::path() : fs::path(std::string(path, static_cast<std::size_t>(length)));
}

fs::path path_at(int folder, const char* path)
{
    if (path[0] == '/')
        return fs::path(path).lexically_normal();
    char here[4096];
    if (folder == AT_FDCWD)
        return ::syscall(SYS_getcwd, here, sizeof here) < 0 ? fs::path() : fs::path(here) / path;
    return path_of(folder) / path;
}

/// A call on a name; `from` is a rename's other name.
long on_name(const char* name, Kind kind, int folder, const char* path, const Real& real,
             const fs::path& from = {})
{
    Laboratory* laboratory = Laboratory::here();
    if (laboratory == nullptr)
        return real(0);
    const fs::path whole = path_at(folder, path);
    if (!laboratory->watches(whole))
        return real(0);
    return laboratory->run({.name = name, .kind = kind, .path = whole, .from = from}, real);
}

bool opens_for_writing(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
}

/// The planted mistake: the file gets its final name before its bytes.
std::optional<int> copied_into_place(int from_folder, const char* from, int to_folder,
                                     const char* to, unsigned flags)
{
    Laboratory* laboratory = Laboratory::here();
    if (laboratory == nullptr || !laboratory->writes_in_place() ||
        !laboratory->watches(path_at(to_folder, to)))
        return std::nullopt;
    const int in = static_cast<int>(::syscall(SYS_openat, from_folder, from, O_RDONLY));
    const int out = opened(
        to_folder, to, O_WRONLY | O_CREAT | (flags & RENAME_NOREPLACE ? O_EXCL : O_TRUNC), 0600);
    if (in < 0 || out < 0)
        return -1;
    char buffer[1024];
    for (long got = 0; (got = ::read(in, buffer, sizeof buffer)) > 0;)
        if (::write(out, buffer, static_cast<std::size_t>(got)) != got)
            return -1;
    ::close(in);
    ::close(out);
    return static_cast<int>(::syscall(SYS_unlinkat, from_folder, from, 0));
}

}  // namespace

long on_descriptor(const char* name, Kind kind, int fd, std::size_t bytes, const Real& real)
{
    Laboratory* laboratory = Laboratory::here();
    if (laboratory == nullptr)
        return real(bytes);
    const int error = errno;
    const fs::path path = path_of(fd);
    errno = error;
    if (!laboratory->watches(path))
        return real(bytes);
    const long result =
        laboratory->run({.name = name, .kind = kind, .path = path, .fd = fd, .bytes = bytes}, real);
    if (kind == Kind::write || kind == Kind::allocate)
        set_written(fd, true);
    return result;
}

int opened(int folder, const char* path, int flags, mode_t mode)
{
    const Real real = [&](std::size_t) { return ::syscall(SYS_openat, folder, path, flags, mode); };
    if (!opens_for_writing(flags))
        return static_cast<int>(real(0));
    const int fd = static_cast<int>(on_name("open", Kind::create, folder, path, real));
    set_written(fd, false);
    return fd;
}

int closed(int fd)
{
    const Real real = [&](std::size_t) { return ::syscall(SYS_close, fd); };
    if (!is_written(fd))
        return static_cast<int>(real(0));
    set_written(fd, false);
    return static_cast<int>(on_descriptor("close", Kind::close, fd, 0, real));
}

int renamed(int from_folder, const char* from, int to_folder, const char* to, unsigned flags)
{
    if (const auto copied = copied_into_place(from_folder, from, to_folder, to, flags))
        return *copied;
    const Real real = [&](std::size_t) {
        return ::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    };
    return static_cast<int>(
        on_name("rename", Kind::name, to_folder, to, real, path_at(from_folder, from)));
}

int linked(int from_folder, const char* from, int to_folder, const char* to, int flags)
{
    return static_cast<int>(on_name("link", Kind::name, to_folder, to, [&](std::size_t) {
        return ::syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    }));
}

int unlinked(int folder, const char* path, int flags)
{
    return static_cast<int>(on_name("unlink", Kind::remove, folder, path, [&](std::size_t) {
        return ::syscall(SYS_unlinkat, folder, path, flags);
    }));
}

int made_folder(int folder, const char* path, mode_t mode)
{
    return static_cast<int>(on_name("mkdir", Kind::create, folder, path, [&](std::size_t) {
        return ::syscall(SYS_mkdirat, folder, path, mode);
    }));
}

int allocated(const char* name, int fd, const Real& real)
{
    return static_cast<int>(on_descriptor(name, Kind::allocate, fd, 0, real));
}

}  // namespace mailhold::faults
