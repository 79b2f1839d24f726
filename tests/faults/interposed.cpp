// The calls that come between the program and libc. Each goes to the kernel by its number, so that
// nothing needs to be looked up before main.

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "calls.hpp"

namespace mailhold::faults {

namespace {

std::size_t total(const iovec* pieces, int count)
{
    std::size_t bytes = 0;
    for (int i = 0; i < count; ++i)
        bytes += pieces[i].iov_len;
    return bytes;
}

}  // namespace

// The names that libc has for them. asm labels, as libc's headers declare most with noexcept, and
// open's mode as "...": Linux passes that in the same register, and the kernel looks at it only
// where a file may be made.

extern "C" {

int lab_open(const char* path, int flags, mode_t mode) __asm__("open");
int lab_open64(const char* path, int flags, mode_t mode) __asm__("open64");
int lab_openat(int folder, const char* path, int flags, mode_t mode) __asm__("openat");
int lab_openat64(int folder, const char* path, int flags, mode_t mode) __asm__("openat64");
int lab_open_2(const char* path, int flags) __asm__("__open_2");
int lab_open64_2(const char* path, int flags) __asm__("__open64_2");
int lab_openat_2(int folder, const char* path, int flags) __asm__("__openat_2");
int lab_openat64_2(int folder, const char* path, int flags) __asm__("__openat64_2");
int lab_creat(const char* path, mode_t mode) __asm__("creat");
int lab_creat64(const char* path, mode_t mode) __asm__("creat64");
ssize_t lab_write(int fd, const void* data, std::size_t bytes) __asm__("write");
ssize_t lab_pwrite(int fd, const void* data, std::size_t bytes, off_t at) __asm__("pwrite");
ssize_t lab_pwrite64(int fd, const void* data, std::size_t bytes, off_t at) __asm__("pwrite64");
ssize_t lab_writev(int fd, const iovec* pieces, int count) __asm__("writev");
int lab_fsync(int fd) __asm__("fsync");
int lab_fdatasync(int fd) __asm__("fdatasync");
int lab_close(int fd) __asm__("close");
int lab_rename(const char* from, const char* to) __asm__("rename");
int lab_renameat(int from_folder, const char* from, int to_folder,
                 const char* to) __asm__("renameat");
int lab_renameat2(int from_folder, const char* from, int to_folder, const char* to,
                  unsigned flags) __asm__("renameat2");
int lab_link(const char* from, const char* to) __asm__("link");
int lab_linkat(int from_folder, const char* from, int to_folder, const char* to,
               int flags) __asm__("linkat");
int lab_unlink(const char* path) __asm__("unlink");
int lab_unlinkat(int folder, const char* path, int flags) __asm__("unlinkat");
int lab_rmdir(const char* path) __asm__("rmdir");
int lab_remove(const char* path) __asm__("remove");
int lab_mkdir(const char* path, mode_t mode) __asm__("mkdir");
int lab_mkdirat(int folder, const char* path, mode_t mode) __asm__("mkdirat");
int lab_ftruncate(int fd, off_t length) __asm__("ftruncate");
int lab_ftruncate64(int fd, off_t length) __asm__("ftruncate64");
int lab_fallocate(int fd, int mode, off_t at, off_t length) __asm__("fallocate");
int lab_fallocate64(int fd, int mode, off_t at, off_t length) __asm__("fallocate64");
int lab_posix_fallocate(int fd, off_t at, off_t length) __asm__("posix_fallocate");
int lab_posix_fallocate64(int fd, off_t at, off_t length) __asm__("posix_fallocate64");

int lab_open(const char* path, int flags, mode_t mode)
{
    return opened(AT_FDCWD, path, flags, mode);
}

int lab_open64(const char* path, int flags, mode_t mode)
{
    return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int lab_openat(int folder, const char* path, int flags, mode_t mode)
{
    return opened(folder, path, flags, mode);
}

int lab_openat64(int folder, const char* path, int flags, mode_t mode)
{
    return opened(folder, path, flags | O_LARGEFILE, mode);
}

int lab_open_2(const char* path, int flags)
{
    return opened(AT_FDCWD, path, flags, 0);
}

int lab_open64_2(const char* path, int flags)
{
    return opened(AT_FDCWD, path, flags | O_LARGEFILE, 0);
}

int lab_openat_2(int folder, const char* path, int flags)
{
    return opened(folder, path, flags, 0);
}

int lab_openat64_2(int folder, const char* path, int flags)
{
    return opened(folder, path, flags | O_LARGEFILE, 0);
}

int lab_creat(const char* path, mode_t mode)
{
    return opened(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int lab_creat64(const char* path, mode_t mode)
{
    return opened(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_LARGEFILE, mode);
}

ssize_t lab_write(int fd, const void* data, std::size_t bytes)
{
    return on_descriptor("write", Kind::write, fd, bytes,
                         [&](std::size_t some) { return ::syscall(SYS_write, fd, data, some); });
}

ssize_t lab_pwrite(int fd, const void* data, std::size_t bytes, off_t at)
{
    return on_descriptor("pwrite", Kind::write, fd, bytes, [&](std::size_t some) {
        return ::syscall(SYS_pwrite64, fd, data, some, at);
    });
}

ssize_t lab_pwrite64(int fd, const void* data, std::size_t bytes, off_t at)
{
    return lab_pwrite(fd, data, bytes, at);
}

/// Half of it: the first piece, or half of the only one.
ssize_t lab_writev(int fd, const iovec* pieces, int count)
{
    const std::size_t all = total(pieces, count);
    return on_descriptor("writev", Kind::write, fd, all, [&](std::size_t some) {
        if (some == all)
            return ::syscall(SYS_writev, fd, pieces, count);
        return ::syscall(SYS_write, fd, pieces[0].iov_base, (pieces[0].iov_len + 1) / 2);
    });
}

int lab_fsync(int fd)
{
    return static_cast<int>(on_descriptor("fsync", Kind::sync, fd, 0,
                                          [&](std::size_t) { return ::syscall(SYS_fsync, fd); }));
}

int lab_fdatasync(int fd)
{
    return static_cast<int>(on_descriptor(
        "fdatasync", Kind::sync, fd, 0, [&](std::size_t) { return ::syscall(SYS_fdatasync, fd); }));
}

int lab_close(int fd)
{
    return closed(fd);
}

int lab_rename(const char* from, const char* to)
{
    return renamed(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int lab_renameat(int from_folder, const char* from, int to_folder, const char* to)
{
    return renamed(from_folder, from, to_folder, to, 0);
}

int lab_renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags)
{
    return renamed(from_folder, from, to_folder, to, flags);
}

int lab_link(const char* from, const char* to)
{
    return linked(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int lab_linkat(int from_folder, const char* from, int to_folder, const char* to, int flags)
{
    return linked(from_folder, from, to_folder, to, flags);
}

int lab_unlink(const char* path)
{
    return unlinked(AT_FDCWD, path, 0);
}

int lab_unlinkat(int folder, const char* path, int flags)
{
    return unlinked(folder, path, flags);
}

int lab_rmdir(const char* path)
{
    return unlinked(AT_FDCWD, path, AT_REMOVEDIR);
}

int lab_remove(const char* path)
{
    struct stat status {};
    const bool is_folder = ::lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return unlinked(AT_FDCWD, path, is_folder ? AT_REMOVEDIR : 0);
}

int lab_mkdir(const char* path, mode_t mode)
{
    return made_folder(AT_FDCWD, path, mode);
}

int lab_mkdirat(int folder, const char* path, mode_t mode)
{
    return made_folder(folder, path, mode);
}

int lab_ftruncate(int fd, off_t length)
{
    return allocated("ftruncate", fd,
                     [&](std::size_t) { return ::syscall(SYS_ftruncate, fd, length); });
}

int lab_ftruncate64(int fd, off_t length)
{
    return lab_ftruncate(fd, length);
}

int lab_fallocate(int fd, int mode, off_t at, off_t length)
{
    return allocated("fallocate", fd,
                     [&](std::size_t) { return ::syscall(SYS_fallocate, fd, mode, at, length); });
}

int lab_fallocate64(int fd, int mode, off_t at, off_t length)
{
    return lab_fallocate(fd, mode, at, length);
}

/// Says what is wrong by its result.
int lab_posix_fallocate(int fd, off_t at, off_t length)
{
    return lab_fallocate(fd, 0, at, length) == 0 ? 0 : errno;
}

int lab_posix_fallocate64(int fd, off_t at, off_t length)
{
    return lab_posix_fallocate(fd, at, length);
}

}  // extern "C"

}  // namespace mailhold::faults
