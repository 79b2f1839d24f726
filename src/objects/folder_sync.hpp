#pragma once
// Folders of a vault: made when first written to, and synced so that the names in them last.

#include <filesystem>
#include <mutex>
#include <set>

namespace mailhold::objects {

/// Thread-safe.
class FolderSync {
public:
    explicit FolderSync(std::filesystem::path root) : root_(std::move(root)) {}

    /// Before the first name goes into `relative`: makes it, and syncs it and all its parents up to
    /// the vault, whoever made them. Throws storage.
    void prepare(const std::filesystem::path& relative);

    /// After a name went into `relative` or out of it. Throws storage.
    void sync(const std::filesystem::path& relative);

    /// True once the filesystem has refused to sync a folder (SMB, some FUSE).
    bool refused() const;

private:
    void sync_locked(const std::filesystem::path& relative);

    std::filesystem::path root_;
    mutable std::mutex mutex_;
    std::set<std::filesystem::path> prepared_;
    bool refused_ = false;
};

}  // namespace mailhold::objects
