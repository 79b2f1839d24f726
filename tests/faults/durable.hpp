#pragma once
// What would be on the disk after a power cut: the bytes and names that were there at the start or
// were made durable by an fsync since.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace mailhold::faults {

/// Not for use by several threads at once. Symbolic links are not kept.
class Durable {
public:
    enum class Names { as_synced, as_they_are };

    /// All that lies in `folders` now counts as durable.
    explicit Durable(std::vector<std::filesystem::path> folders);

    /// A file's or a folder's fsync has succeeded.
    void synced(int fd);

    /// Which file or folder goes with the name `path`, if that is its last one. Its inode's number
    /// may become another file's, so whoever has removed the name says forget().
    using Inode = std::pair<dev_t, ino_t>;
    static std::optional<Inode> goes_with(const std::filesystem::path& path);
    void forget(const Inode& inode) { ids_.erase(inode); }

    /// Puts the folders back to what is durable. Names as they are: names without an fsync of their
    /// folder came through, bytes without an fsync of their file did not.
    void cut(Names names);

private:
    using Id = std::uint64_t;
    struct Node {
        bool is_folder = false;
        mode_t mode = 0600;
        std::string bytes;
        std::map<std::string, Id> entries;
    };

    Id id_of(const struct stat& status);
    void keep(const std::filesystem::path& path);
    void keep_all(const std::filesystem::path& path);
    void write(const std::filesystem::path& path, Id id);
    void revert_bytes(const std::filesystem::path& folder);

    std::vector<std::filesystem::path> folders_;
    std::map<Inode, Id> ids_;
    std::map<Id, Node> nodes_;
};

}  // namespace mailhold::faults
