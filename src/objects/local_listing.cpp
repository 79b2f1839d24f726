// Walking folders with readdir, whose errors std::filesystem's iterators do not all show.

#include "local_listing.hpp"

#include <algorithm>
#include <cerrno>

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "failure.hpp"
#include "mailhold/base/file.hpp"

namespace mailhold::objects {

namespace {

/// Ours are three deep; a link that points above itself must not make us walk forever.
constexpr int max_depth = 16;

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};
using OpenFolder = std::unique_ptr<DIR, CloseFolder>;

/// nullptr when there is no such folder.
OpenFolder open_folder(const std::filesystem::path& path)
{
    OpenFolder folder(::opendir(path.c_str()));
    if (!folder && errno != ENOENT && errno != ENOTDIR)
        throw_read_errno("cannot list", path);
    return folder;
}

/// The next name but "." and ".."; empty at the end.
std::string next_name(DIR* folder, const std::filesystem::path& path)
{
    while (true) {
        errno = 0;
        const dirent* entry = ::readdir(folder);
        if (entry == nullptr && errno != 0)
            throw_read_errno("cannot list", path);
        if (entry == nullptr)
            return {};
        std::string name = entry->d_name;
        if (name != "." && name != "..")
            return name;
    }
}

class Walk {
public:
    explicit Walk(const std::filesystem::path& root) : root_(root) {}

    void folder(const std::string& prefix, int depth)
    {
        const auto path = root_ / prefix;
        if (depth > max_depth)
            throw Error(ErrorKind::store_unavailable,
                        fmt::format("cannot list {}: folders nested too deeply", path.string()));
        const OpenFolder open = open_folder(path);
        if (!open)
            return;
        for (auto name = next_name(open.get(), path); !name.empty();
             name = next_name(open.get(), path))
            entry(prefix + name, depth);
    }

    std::vector<ObjectInfo> sorted()
    {
        std::ranges::sort(found_, {}, &ObjectInfo::name);
        return std::move(found_);
    }

private:
    void entry(const std::string& name, int depth)
    {
        struct stat status {};
        const auto path = root_ / name;
        if (::stat(path.c_str(), &status) != 0 && ::lstat(path.c_str(), &status) != 0) {
            if (errno != ENOENT)
                throw_read_errno("cannot list", path);
            return;  // removed since readdir
        }
        if (!S_ISDIR(status.st_mode))
            found_.push_back({name, static_cast<std::uint64_t>(status.st_size), status.st_mtime});
        else if (name != "lost+found")  // belongs to a disk whose top folder is the vault
            folder(name + '/', depth + 1);
    }

    const std::filesystem::path& root_;
    std::vector<ObjectInfo> found_;
};

}  // namespace

std::vector<ObjectInfo> list_folder(const std::filesystem::path& root, const std::string& prefix)
{
    Walk walk(root);
    walk.folder(prefix, 0);
    return walk.sorted();
}

}  // namespace mailhold::objects
