#pragma once
// Files under one name, wherever they lie: a folder on disk, one file, or an archive. A tree can be
// walked more than once, so that what stands at its end can be known at its beginning.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "buffered_reader.hpp"

namespace mailhold::import_export {

/// One file, while the visitor is in it.
class TreeFile : public ByteSource {
public:
    /// Relative to the tree, levels parted by '/'. What an archive says is never a path on disk.
    virtual const std::string& path() const = 0;
    virtual std::optional<std::int64_t> modified() const = 0;
    /// Where it is on disk by itself; nullopt in an archive.
    virtual std::optional<std::filesystem::path> on_disk() const { return std::nullopt; }
};

class MailTree {
public:
    using Visit = std::function<void(TreeFile&)>;
    /// What could not be looked at: path relative to the tree, empty for the tree itself, and why.
    using Trouble = std::function<void(const std::string& path, const std::string& why)>;

    virtual ~MailTree() = default;
    /// Shows each plain file. Links and devices are not followed.
    virtual void walk(const Visit& visit, const Trouble& trouble) const = 0;
};

/// A folder, or a single file, which is then the tree's only one. Throws not_found.
std::unique_ptr<MailTree> open_disk_tree(const std::filesystem::path& path);

/// A zip or tar, or one compressed file. At most 200 times its own size is unpacked.
std::unique_ptr<MailTree> open_archive_tree(const std::filesystem::path& path);

}  // namespace mailhold::import_export
