#pragma once
// Files whose failures are never overlooked: every call throws storage, not_found or
// store_unavailable.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold {

/// Owns a file descriptor. Closing in the destructor ignores errors; a writer calls close().
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    ~FileDescriptor();

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

    /// Closes and throws storage if the kernel reports a late write error.
    void close();

private:
    int fd_ = -1;
};

/// Throws an Error for errno: not_found (ENOENT), storage (ENOSPC, EDQUOT, EROFS, EIO, EACCES …).
[[noreturn]] void throw_errno(std::string_view doing, const std::filesystem::path& path);

/// What std::filesystem says, as throw_errno() would.
Error error_of(const std::filesystem::filesystem_error& failure);

FileDescriptor open_for_reading(const std::filesystem::path& path);

/// Creates a new file, 0600; throws storage if it exists.
FileDescriptor create_file(const std::filesystem::path& path);

void write_all(const FileDescriptor& file, Bytes bytes, const std::filesystem::path& path);
void sync_file(const FileDescriptor& file, const std::filesystem::path& path);

/// fsync of a folder, so that names in it survive a power cut. Returns false where the filesystem
/// refuses (EINVAL, SMB); the caller says so.
bool sync_folder(const std::filesystem::path& folder);

/// Whole file. Throws not_found, storage, or damaged if it is larger than `limit_bytes`.
ByteBuffer read_file(const std::filesystem::path& path, std::uint64_t limit_bytes = 4 * gibibyte);
std::string read_text_file(const std::filesystem::path& path,
                           std::uint64_t limit_bytes = 16 * mebibyte);

/// `length` bytes from `offset`. Throws damaged if the file is shorter.
ByteBuffer read_range(const FileDescriptor& file, std::uint64_t offset, std::uint64_t length,
                      const std::filesystem::path& path);

/// Writes `bytes` to a temporary file beside `path`, fsyncs, renames over `path`, fsyncs the
/// folder: after it returns the new content is durable; after a crash the file is the old or the
/// new one. Mode 0600.
void replace_file(const std::filesystem::path& path, Bytes bytes);

/// mkdir -p with mode 0700 for what it creates.
void create_private_folders(const std::filesystem::path& path);

/// The same, and the names of those it creates survive a power cut.
void create_durable_folders(const std::filesystem::path& path);

/// An exclusive lock on a file, released by the destructor or the process's end.
class FileLock {
public:
    /// nullopt when another process holds it.
    static std::optional<FileLock> try_take(const std::filesystem::path& path);

private:
    explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
    FileDescriptor file_;
};

}  // namespace mailhold
