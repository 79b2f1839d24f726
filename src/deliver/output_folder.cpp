// Files without an fsync each: twenty thousand of them would take minutes. One syncfs(2) at the end
// covers all, and the manifest, which says that an export is complete, gets its name after it.

#include "output_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/deliver/destination.hpp"

namespace mailhold::deliver {

namespace {

constexpr std::size_t buffer_bytes = 256 * kibibyte;

std::filesystem::path incomplete_manifest(const std::filesystem::path& folder)
{
    return folder / (std::string(manifest_name) + ".incomplete");
}

void refuse_unless_empty(const std::filesystem::path& path)
{
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (!std::filesystem::exists(status))
        return;
    const std::string hint = "name a new folder with --to: nothing is ever overwritten";
    if (!std::filesystem::is_directory(status))
        throw Error(ErrorKind::usage, path.string() + " is not a folder", hint);
    const bool is_empty = std::filesystem::is_empty(path, problem);
    if (problem)
        throw Error(ErrorKind::storage, "cannot list " + path.string() + ": " + problem.message());
    if (!is_empty)
        throw Error(ErrorKind::usage, path.string() + " is not empty", hint);
}

void sync_filesystem(const std::filesystem::path& folder)
{
    const FileDescriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!file || ::syncfs(file.get()) != 0)
        throw_errno("cannot make durable", folder);
}

}  // namespace

AppendingFile::AppendingFile(std::filesystem::path path)
    : path_(std::move(path)), file_(create_file(path_))
{
}

AppendingFile::AppendingFile(std::filesystem::path path, std::uint64_t size)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)),
      size_(size)
{
    if (!file_)
        throw_errno("cannot write", path_);
}

void AppendingFile::write(Bytes bytes)
{
    size_ += bytes.size();
    if (bytes.size() >= buffer_bytes) {
        flush();
        write_all(file_, bytes, path_);
        return;
    }
    append(buffer_, bytes);
    if (buffer_.size() >= buffer_bytes)
        flush();
}

void AppendingFile::close()
{
    flush();
    file_.close();
}

void AppendingFile::flush()
{
    write_all(file_, buffer_, path_);
    buffer_.clear();
}

OutputFolder::OutputFolder(std::filesystem::path path) : path_(std::move(path))
{
    refuse_unless_empty(path_);
    create_private_folders(path_);
    manifest_ = AppendingFile(incomplete_manifest(path_));
}

void OutputFolder::create_folder(const std::string& relative)
{
    create_private_folders(path_ / relative);
}

void OutputFolder::write_file(const std::string& relative, Bytes bytes)
{
    const std::filesystem::path path = path_ / relative;
    FileDescriptor file = create_file(path);
    write_all(file, bytes, path);
    file.close();
}

void OutputFolder::write_file(const std::string& relative, Bytes bytes, std::int64_t mtime)
{
    const std::filesystem::path path = path_ / relative;
    FileDescriptor file = create_file(path);
    write_all(file, bytes, path);
    const timespec times[2] = {{mtime, 0}, {mtime, 0}};
    if (::futimens(file.get(), times) != 0)
        throw_errno("cannot set the time of", path);
    file.close();
}

void OutputFolder::add_manifest_line(std::string_view line)
{
    manifest_.write(bytes_of(line));
}

void OutputFolder::finish()
{
    manifest_.close();
    sync_filesystem(path_);
    const std::filesystem::path complete = path_ / manifest_name;
    if (::rename(manifest_.path().c_str(), complete.c_str()) != 0)
        throw_errno("cannot rename", manifest_.path());
    // Where a folder cannot be synced the name may come late; the content is durable already.
    static_cast<void>(sync_folder(path_));
}

}  // namespace mailhold::deliver
