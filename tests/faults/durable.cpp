// Whole files are kept: the laboratory's vaults are small.

#include "durable.hpp"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace mailhold::faults {

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A new file: the old one may be mapped by a thread that still runs.
void write_bytes(const fs::path& path, const std::string& bytes, mode_t mode)
{
    fs::remove(path);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    ::chmod(path.c_str(), mode);
}

constexpr mode_t permission_bits = 07777;

}  // namespace

Durable::Durable(std::vector<fs::path> folders) : folders_(std::move(folders))
{
    for (const fs::path& folder : folders_)
        keep_all(folder);
}

Durable::Id Durable::id_of(const struct stat& status)
{
    const auto [found, is_new] =
        ids_.try_emplace({status.st_dev, status.st_ino}, nodes_.size() + 1);
    if (is_new)
        nodes_[found->second] = {.is_folder = S_ISDIR(status.st_mode),
                                 .mode = status.st_mode & permission_bits,
                                 .bytes = {},
                                 .entries = {}};
    return found->second;
}

void Durable::keep(const fs::path& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || status.st_nlink == 0)
        return;
    Node& node = nodes_[id_of(status)];
    node.mode = status.st_mode & permission_bits;
    if (!node.is_folder) {
        node.bytes = bytes_of(path);
        return;
    }
    std::map<std::string, Id> entries;
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
        struct stat inside {};
        if (::lstat(entry.path().c_str(), &inside) == 0)
            entries[entry.path().filename()] = id_of(inside);
    }
    node.entries = std::move(entries);
}

void Durable::keep_all(const fs::path& path)
{
    keep(path);
    if (!fs::is_directory(path))
        return;
    for (const fs::directory_entry& entry : fs::directory_iterator(path))
        keep_all(entry.path());
}

void Durable::synced(int fd)
{
    keep(fmt::format("/proc/self/fd/{}", fd));
}

std::optional<Durable::Inode> Durable::goes_with(const fs::path& path)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || (!S_ISDIR(status.st_mode) && status.st_nlink > 1))
        return std::nullopt;
    return Inode{status.st_dev, status.st_ino};
}

void Durable::cut(Names names)
{
    for (const fs::path& folder : folders_) {
        if (names == Names::as_they_are) {
            revert_bytes(folder);
            continue;
        }
        struct stat status {};
        if (::stat(folder.c_str(), &status) != 0)
            continue;
        for (const fs::directory_entry& entry : fs::directory_iterator(folder))
            fs::remove_all(entry.path());
        write(folder, id_of(status));
    }
}

void Durable::write(const fs::path& path, Id id)
{
    const Node& node = nodes_[id];
    if (!node.is_folder) {
        write_bytes(path, node.bytes, node.mode);
        return;
    }
    fs::create_directory(path);
    ::chmod(path.c_str(), node.mode);
    for (const auto& [name, inside] : node.entries)
        write(path / name, inside);
}

void Durable::revert_bytes(const fs::path& folder)
{
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        struct stat status {};
        if (!entry.is_regular_file() || ::stat(entry.path().c_str(), &status) != 0)
            continue;
        const Node& node = nodes_[id_of(status)];
        write_bytes(entry.path(), node.bytes, status.st_mode & permission_bits);
    }
}

}  // namespace mailhold::faults
