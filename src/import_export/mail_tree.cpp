// Folders on disk, in the order of their names.

#include "mail_tree.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"

namespace mailhold::import_export {

namespace fs = std::filesystem;

namespace {

/// Opened when it is first read: of most files only the name is wanted.
class DiskFile final : public TreeFile {
public:
    DiskFile(fs::path file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

    const std::string& path() const override { return path_; }
    std::optional<fs::path> on_disk() const override { return file_; }

    std::optional<std::int64_t> modified() const override
    {
        struct stat found = {};
        if (::stat(file_.c_str(), &found) != 0)
            return std::nullopt;
        return found.st_mtim.tv_sec;
    }

    std::size_t read(std::span<std::byte> into) override
    {
        if (!descriptor_)
            open();
        std::size_t filled = 0;
        while (filled < into.size()) {
            const ssize_t got =
                ::read(descriptor_.get(), into.data() + filled, into.size() - filled);
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                throw Error(ErrorKind::malformed,
                            std::string("cannot be read: ") + ::strerror(errno));
            if (got == 0)
                break;
            filled += static_cast<std::size_t>(got);
        }
        return filled;
    }

private:
    /// What was a plain file when the folder was listed must still be one.
    void open()
    {
        descriptor_ =
            FileDescriptor(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        struct stat found = {};
        if (!descriptor_ || ::fstat(descriptor_.get(), &found) != 0)
            throw Error(ErrorKind::malformed,
                        std::string("cannot be opened: ") + ::strerror(errno));
        if (!S_ISREG(found.st_mode))
            throw Error(ErrorKind::malformed, "no plain file");
    }

    fs::path file_;
    std::string path_;
    FileDescriptor descriptor_;
};

class DiskTree final : public MailTree {
public:
    explicit DiskTree(fs::path top) : top_(std::move(top)) {}

    void walk(const Visit& visit, const Trouble& trouble) const override
    {
        if (fs::is_directory(top_)) {
            walk_folder({}, visit, trouble);
            return;
        }
        DiskFile file(fs::canonical(top_), top_.filename().string());
        visit(file);
    }

private:
    void walk_folder(const std::string& folder, const Visit& visit, const Trouble& trouble) const
    {
        std::error_code failure;
        std::vector<fs::directory_entry> entries;
        for (auto at = fs::directory_iterator(top_ / folder, failure);
             !failure && at != fs::directory_iterator(); at.increment(failure))
            entries.push_back(*at);
        if (failure)
            trouble(folder, "this folder cannot be read: " + failure.message());
        std::ranges::sort(entries);
        for (const fs::directory_entry& entry : entries) {
            const std::string name = entry.path().filename().string();
            const std::string path = folder.empty() ? name : fmt::format("{}/{}", folder, name);
            const fs::file_status status = entry.symlink_status(failure);
            if (fs::is_directory(status)) {
                walk_folder(path, visit, trouble);
            } else if (fs::is_regular_file(status)) {
                DiskFile file(entry.path(), path);
                visit(file);
            }
        }
    }

    fs::path top_;
};

}  // namespace

std::unique_ptr<MailTree> open_disk_tree(const fs::path& path)
{
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (!fs::exists(status))
        throw Error(ErrorKind::not_found, "nothing to import at " + path.string(),
                    "name a file or folder that exists");
    if (!fs::is_directory(status) && !fs::is_regular_file(status))
        throw Error(ErrorKind::usage, path.string() + " is neither a file nor a folder",
                    "save it as a file first");
    return std::make_unique<DiskTree>(path.has_filename() ? path : path.parent_path());
}

}  // namespace mailhold::import_export
