#pragma once
// A vault in a local folder: an object is a file, its name the path below the folder.

#include <filesystem>

#include <sys/types.h>

#include "folder_sync.hpp"
#include "mailhold/objects/store.hpp"

namespace mailhold::objects {

/// Uploads borrow it: it outlives them.
class LocalFolder : public Store {
public:
    /// `root` is an existing folder. Throws not_found, store_unavailable.
    explicit LocalFolder(std::filesystem::path root);

    ByteBuffer get(const std::string& name, std::uint64_t limit_bytes) const override;
    ByteBuffer get_range(const std::string& name, std::uint64_t offset,
                         std::uint64_t length) const override;
    std::unique_ptr<OpenObject> open(const std::string& name) const override;
    std::optional<ObjectInfo> find(const std::string& name) const override;
    std::vector<ObjectInfo> list(const std::string& prefix) const override;

    PutOutcome put_new(const std::string& name, Bytes bytes) override;
    std::unique_ptr<Upload> begin_upload(const std::string& owner) override;
    void remove(const std::string& name) override;

    std::vector<std::string> warnings() const override;
    std::string description() const override { return root_.string(); }

    const std::filesystem::path& root() const noexcept { return root_; }
    FolderSync& folders() noexcept { return folders_; }

private:
    /// "Not there" is only true while the folder itself is: an unmounted disk has lost nothing.
    void require_root() const;
    std::filesystem::path path_of(const std::string& name) const;

    std::filesystem::path root_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
    FolderSync folders_;
};

}  // namespace mailhold::objects
