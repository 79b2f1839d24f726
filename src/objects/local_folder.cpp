// Opening a local vault, reading and removing its objects.

#include "local_folder.hpp"

#include <cerrno>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.hpp"
#include "local_listing.hpp"
#include "local_upload.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/json.hpp"
#include "object_name.hpp"

namespace mailhold::objects {

namespace {

std::string shown(const std::filesystem::path& path)
{
    return printable(path.native());
}

class OpenFile final : public OpenObject {
public:
    OpenFile(FileDescriptor file, std::filesystem::path path)
        : file_(std::move(file)), path_(std::move(path))
    {
    }

    ByteBuffer read(std::uint64_t offset, std::uint64_t length) const override
    {
        return reading([&] { return read_range(file_, offset, length, path_); });
    }

private:
    FileDescriptor file_;
    std::filesystem::path path_;
};

}  // namespace

LocalFolder::LocalFolder(std::filesystem::path root) : root_(std::move(root)), folders_(root_)
{
    struct stat status {};
    if (::stat(root_.c_str(), &status) != 0)
        throw_read_errno("cannot open the vault", root_);
    if (!S_ISDIR(status.st_mode))
        throw Error(ErrorKind::not_found, fmt::format("{} is not a folder", shown(root_)));
    device_ = status.st_dev;
    inode_ = status.st_ino;
}

void LocalFolder::require_root() const
{
    struct stat status {};
    if (::stat(root_.c_str(), &status) != 0 || status.st_dev != device_ || status.st_ino != inode_)
        throw Error(ErrorKind::store_unavailable,
                    fmt::format("the vault's folder {} is gone", shown(root_)),
                    "check that its disk is mounted, then run the same command again");
}

std::filesystem::path LocalFolder::path_of(const std::string& name) const
{
    require_object_name(name);
    return root_ / name;
}

std::optional<ObjectInfo> LocalFolder::find(const std::string& name) const
{
    const auto path = path_of(name);
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            throw_read_errno("cannot examine", path);
        require_root();
        return std::nullopt;
    }
    if (!S_ISREG(status.st_mode))
        return std::nullopt;
    return ObjectInfo{name, static_cast<std::uint64_t>(status.st_size), status.st_mtime};
}

ByteBuffer LocalFolder::get(const std::string& name, std::uint64_t limit_bytes) const
{
    const auto info = find(name);
    if (!info)
        throw Error(ErrorKind::not_found, fmt::format("{} is not in the vault", printable(name)));
    if (info->length > limit_bytes)
        throw Error(ErrorKind::damaged, fmt::format("{} has {} bytes, more than {} can be right",
                                                    printable(name), info->length, limit_bytes));
    return reading([&] { return read_file(path_of(name), limit_bytes); });
}

ByteBuffer LocalFolder::get_range(const std::string& name, std::uint64_t offset,
                                  std::uint64_t length) const
{
    return open(name)->read(offset, length);
}

std::unique_ptr<OpenObject> LocalFolder::open(const std::string& name) const
{
    if (!find(name))
        throw Error(ErrorKind::not_found, fmt::format("{} is not in the vault", printable(name)));
    const auto path = path_of(name);
    return std::make_unique<OpenFile>(reading([&] { return open_for_reading(path); }), path);
}

std::vector<ObjectInfo> LocalFolder::list(const std::string& prefix) const
{
    require_prefix(prefix);
    auto found = list_folder(root_, prefix);
    if (found.empty())
        require_root();
    return found;
}

PutOutcome LocalFolder::put_new(const std::string& name, Bytes bytes)
{
    require_object_name(name);
    const auto upload = begin_upload(temporary_owner(name));
    upload->write(bytes);
    return upload->publish(name);
}

std::unique_ptr<Upload> LocalFolder::begin_upload(const std::string& owner)
{
    return std::make_unique<LocalUpload>(*this, owner);
}

void LocalFolder::remove(const std::string& name)
{
    const auto path = path_of(name);
    if (::unlink(path.c_str()) != 0) {
        if (errno == ENOENT)
            require_root();
        throw_errno("cannot remove", path);
    }
    folders_.sync(std::filesystem::path(name).parent_path());
}

std::vector<std::string> LocalFolder::warnings() const
{
    if (!folders_.refused())
        return {};
    return {fmt::format("the filesystem of {} does not sync folders: objects are read back after "
                        "writing, yet a power cut can lose the newest",
                        shown(root_))};
}

std::unique_ptr<Store> open_local_folder(const std::filesystem::path& folder, bool create)
{
    auto root = std::filesystem::absolute(folder).lexically_normal();
    if (!root.has_filename())
        root = root.parent_path();
    std::error_code unknown;  // what cannot be seen is there: opening it says what is wrong
    if (create && !std::filesystem::exists(root, unknown) && !unknown)
        create_durable_folders(root);
    return std::make_unique<LocalFolder>(root);
}

}  // namespace mailhold::objects
