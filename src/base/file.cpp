// POSIX files with every return value looked at.

#include "mailhold/base/file.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold {

namespace {

ErrorKind kind_of(int code)
{
    switch (code) {
    case ENOENT:
        return ErrorKind::not_found;
    case ESTALE:  // network filesystems whose server is away
    case ETIMEDOUT:
    case ENOTCONN:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETUNREACH:
        return ErrorKind::store_unavailable;
    default:
        return ErrorKind::storage;
    }
}

std::string hint_for(int code)
{
    switch (code) {
    case ENOSPC:
    case EDQUOT:
        return "free space on this disk or raise the quota, then run the same command again";
    case EACCES:
    case EPERM:
        return "check who owns the file and its folder, and run mailhold as that user";
    case EROFS:
        return "this filesystem is mounted read-only; mount it writable";
    case EIO:
        return "the disk reports a failure; look at the system's log before anything else";
    case ENOENT:
        return "check the path";
    default:
        return std::string(general_hint(kind_of(code)));
    }
}

Error error_of(int code, std::string_view doing, const std::filesystem::path& path)
{
    return Error(kind_of(code),
                 fmt::format("{} {}: {}", doing, printable(path.native()),
                             std::generic_category().message(code)),
                 hint_for(code));
}

/// Calls `call` until it is not interrupted by a signal.
template <class Call>
auto retried(Call call)
{
    while (true) {
        const auto result = call();
        if (result >= 0 || errno != EINTR)
            return result;
    }
}

struct stat status_of(const FileDescriptor& file, const std::filesystem::path& path)
{
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        throw_errno("cannot examine", path);
    return status;
}

/// Reads up to `wanted` bytes to the end of `out`; returns how many came.
std::size_t read_some(const FileDescriptor& file, ByteBuffer& out, std::size_t wanted,
                      const std::filesystem::path& path)
{
    const std::size_t before = out.size();
    out.resize(before + wanted);
    const ssize_t got = retried([&] { return ::read(file.get(), out.data() + before, wanted); });
    if (got < 0)
        throw_errno("cannot read", path);
    out.resize(before + static_cast<std::size_t>(got));
    return static_cast<std::size_t>(got);
}

/// A name beside `path` that no other file has.
std::filesystem::path temporary_beside(const std::filesystem::path& path)
{
    static std::atomic<unsigned> counter{0};
    auto name = path;
    name += fmt::format(".{}-{}.tmp", ::getpid(), counter++);
    return name;
}

/// `sudo mailhold account add` must not take the file away from the user that the nightly run has.
void keep_owner(const FileDescriptor& file, const std::filesystem::path& replaced)
{
    struct stat old {};
    if (::geteuid() != 0 || ::stat(replaced.c_str(), &old) != 0)
        return;
    if (::fchown(file.get(), old.st_uid, old.st_gid) != 0)
        throw_errno("cannot keep the owner of", replaced);
}

void write_new(const std::filesystem::path& temporary, const std::filesystem::path& path,
               Bytes bytes)
{
    FileDescriptor file = create_file(temporary);
    keep_owner(file, path);
    write_all(file, bytes, temporary);
    sync_file(file, temporary);
    file.close();
    if (::rename(temporary.c_str(), path.c_str()) != 0)
        throw_errno("cannot replace", path);
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept
{
    if (this != &other) {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

FileDescriptor::~FileDescriptor()
{
    if (fd_ >= 0)
        ::close(fd_);
}

void FileDescriptor::close()
{
    const int fd = std::exchange(fd_, -1);
    if (fd < 0)
        return;
    // EINTR: on Linux the descriptor is gone all the same.
    if (::close(fd) != 0 && errno != EINTR)
        throw Error(ErrorKind::storage, fmt::format("cannot finish writing: {}",
                                                    std::generic_category().message(errno)));
}

void throw_errno(std::string_view doing, const std::filesystem::path& path)
{
    throw error_of(errno, doing, path);
}

Error error_of(const std::filesystem::filesystem_error& failure)
{
    return error_of(failure.code().value(), "cannot use", failure.path1());
}

FileDescriptor open_for_reading(const std::filesystem::path& path)
{
    const int fd = retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
    if (fd < 0)
        throw_errno("cannot open", path);
    return FileDescriptor(fd);
}

FileDescriptor create_file(const std::filesystem::path& path)
{
    const int fd =
        retried([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); });
    if (fd < 0)
        throw_errno("cannot create", path);
    return FileDescriptor(fd);
}

void write_all(const FileDescriptor& file, Bytes bytes, const std::filesystem::path& path)
{
    while (!bytes.empty()) {
        const ssize_t done =
            retried([&] { return ::write(file.get(), bytes.data(), bytes.size()); });
        if (done < 0)
            throw_errno("cannot write", path);
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
}

void sync_file(const FileDescriptor& file, const std::filesystem::path& path)
{
    // Not retried, whatever the error: after a failed fsync the kernel may have dropped the pages.
    if (::fsync(file.get()) != 0)
        throw_errno("cannot write to disk", path);
}

bool sync_folder(const std::filesystem::path& folder)
{
    const int fd =
        retried([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (fd < 0)
        throw_errno("cannot open the folder", folder);
    const FileDescriptor file(fd);
    if (::fsync(file.get()) == 0)
        return true;
    if (errno == EINVAL || errno == EBADF || errno == ENOTSUP || errno == ENOSYS)
        return false;
    throw_errno("cannot write to disk the folder", folder);
}

ByteBuffer read_file(const std::filesystem::path& path, std::uint64_t limit_bytes)
{
    constexpr std::uint64_t step_bytes = 64 * kibibyte;
    const FileDescriptor file = open_for_reading(path);
    // A pipe (/dev/fd/3) has no size: the size only tells how much to ask for first.
    const auto size = static_cast<std::uint64_t>(status_of(file, path).st_size);
    std::uint64_t wanted = std::min(size, limit_bytes) + 1;
    ByteBuffer out;
    while (read_some(file, out, wanted, path) > 0) {
        if (out.size() > limit_bytes)
            throw Error(ErrorKind::damaged, fmt::format("{} is larger than {} bytes",
                                                        printable(path.native()), limit_bytes));
        wanted = std::min(step_bytes, limit_bytes - out.size() + 1);
    }
    return out;
}

std::string read_text_file(const std::filesystem::path& path, std::uint64_t limit_bytes)
{
    return std::string(text_of(read_file(path, limit_bytes)));
}

ByteBuffer read_range(const FileDescriptor& file, std::uint64_t offset, std::uint64_t length,
                      const std::filesystem::path& path)
{
    const auto too_short = [&] {
        return Error(ErrorKind::damaged, fmt::format("{} ends too early: {} bytes wanted at {}",
                                                     printable(path.native()), length, offset));
    };
    const auto size = static_cast<std::uint64_t>(status_of(file, path).st_size);
    if (offset > size || length > size - offset)
        throw too_short();

    ByteBuffer out(length);
    for (std::size_t done = 0; done < out.size();) {
        const ssize_t got = retried([&] {
            return ::pread(file.get(), out.data() + done, out.size() - done,
                           static_cast<off_t>(offset + done));
        });
        if (got < 0)
            throw_errno("cannot read", path);
        if (got == 0)
            throw too_short();
        done += static_cast<std::size_t>(got);
    }
    return out;
}

void replace_file(const std::filesystem::path& path, Bytes bytes)
{
    const auto temporary = temporary_beside(path);
    try {
        write_new(temporary, path, bytes);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    const auto folder = path.parent_path();
    sync_folder(folder.empty() ? "." : folder);
}

void create_private_folders(const std::filesystem::path& path)
{
    std::filesystem::path so_far;
    for (const auto& part : path) {
        so_far /= part;
        if (part.empty() || ::mkdir(so_far.c_str(), 0700) == 0)
            continue;
        const int code = errno;
        std::error_code ignored;
        if (std::filesystem::is_directory(so_far, ignored))
            continue;  // also where mkdir says EROFS or EACCES instead of EEXIST
        errno = code;
        throw_errno("cannot create the folder", so_far);
    }
}

void create_durable_folders(const std::filesystem::path& path)
{
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown))
        return;
    std::filesystem::path first_missing = path;
    while (first_missing.has_relative_path() &&
           !std::filesystem::exists(first_missing.parent_path(), unknown))
        first_missing = first_missing.parent_path();
    create_private_folders(path);
    for (auto made = path; made.has_relative_path(); made = made.parent_path()) {
        sync_folder(made.parent_path());
        if (made == first_missing)
            return;
    }
}

}  // namespace mailhold
