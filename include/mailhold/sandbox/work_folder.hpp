#pragma once
// A folder in memory that no other process can look into, for files that a library insists on.

#include <filesystem>

namespace mailhold::sandbox {

/// An empty folder in a tmpfs of this process alone: it has no name in the file system, and its
/// memory is given back when it goes. Where the kernel does not allow that, a folder of mode 0700
/// in /dev/shm, removed at the end; what a killed process left there is removed by the next.
class WorkFolder {
public:
    /// Call while the process has one thread and holds no keys: it forks for a moment. Throws
    /// storage when there is no memory to be had as a folder.
    WorkFolder();
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    /// A path that only this process can use.
    const std::filesystem::path& path() const noexcept { return path_; }
    bool is_private() const noexcept { return mount_ >= 0; }  ///< false: it stands in /dev/shm

private:
    std::filesystem::path path_;
    int mount_ = -1;
};

}  // namespace mailhold::sandbox
