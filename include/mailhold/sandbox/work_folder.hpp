#pragma once
// A folder in memory that no other process can look into, for files that a library insists on.

#include <filesystem>

#include <sys/types.h>

namespace mailhold::sandbox {

/// An empty folder in a tmpfs of this process alone: it has no name in the file system, and its
/// memory is given back when it goes. Where the kernel does not allow that, a folder of mode 0700
/// in /dev/shm, removed at the end; what a killed process left there is removed by the next. Not
/// for sharing by threads.
class WorkFolder {
public:
    /// Begins to make it and returns: most commands never want it. Call while the process has one
    /// thread and holds no keys: it forks for a moment.
    WorkFolder();
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    /// A path that only this process can use. Waits for the folder; throws storage when there is no
    /// memory to be had as one.
    const std::filesystem::path& path();
    bool is_private();  ///< false: it stands in /dev/shm. Throws as path() does

private:
    void receive_mount() noexcept;

    int maker_socket_ = -1;  ///< the child sends the mount over it; -1 once that is done
    pid_t maker_ = -1;
    std::filesystem::path path_;
    int mount_ = -1;
};

}  // namespace mailhold::sandbox
