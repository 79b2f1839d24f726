// Making and syncing a vault's folders.

#include "folder_sync.hpp"

#include "failure.hpp"
#include "mailhold/base/file.hpp"

namespace mailhold::objects {

void FolderSync::prepare(const std::filesystem::path& relative)
{
    const std::scoped_lock lock(mutex_);
    if (prepared_.contains(relative))
        return;
    writing([&] { create_private_folders(root_ / relative); });
    for (auto folder = relative; !folder.empty(); folder = folder.parent_path())
        sync_locked(folder);
    sync_locked({});
    prepared_.insert(relative);
}

void FolderSync::sync(const std::filesystem::path& relative)
{
    const std::scoped_lock lock(mutex_);
    sync_locked(relative);
}

bool FolderSync::refused() const
{
    const std::scoped_lock lock(mutex_);
    return refused_;
}

void FolderSync::sync_locked(const std::filesystem::path& relative)
{
    if (!writing([&] { return sync_folder(relative.empty() ? root_ : root_ / relative); }))
        refused_ = true;
}

}  // namespace mailhold::objects
