#pragma once
// A folder that an export fills: empty at first, complete when its manifest has its name.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/file.hpp"

namespace mailhold::deliver {

/// Appends to a file through a buffer; without close() the buffered rest is lost. Throws storage.
class AppendingFile {
public:
    AppendingFile() = default;
    /// A new file.
    explicit AppendingFile(std::filesystem::path path);
    /// Goes on at the end of a file of `size` bytes made before.
    AppendingFile(std::filesystem::path path, std::uint64_t size);

    void write(Bytes bytes);
    std::uint64_t size() const noexcept { return size_; }
    explicit operator bool() const noexcept { return static_cast<bool>(file_); }
    const std::filesystem::path& path() const noexcept { return path_; }
    /// Writes out the buffer and closes; not durable by itself.
    void close();

private:
    void flush();

    std::filesystem::path path_;
    FileDescriptor file_;
    ByteBuffer buffer_;
    std::uint64_t size_ = 0;
};

class OutputFolder {
public:
    /// Creates the folder. Throws usage when it exists and is not empty, or is no folder.
    explicit OutputFolder(std::filesystem::path path);

    const std::filesystem::path& path() const noexcept { return path_; }

    /// Creates `relative` and its parents.
    void create_folder(const std::string& relative);

    /// A new file with these bytes. Not durable before finish().
    void write_file(const std::string& relative, Bytes bytes);
    /// The same, with a modification time.
    void write_file(const std::string& relative, Bytes bytes, std::int64_t mtime);

    void add_manifest_line(std::string_view line);

    /// Makes everything durable at once, then gives the manifest its name.
    void finish();

private:
    std::filesystem::path path_;
    AppendingFile manifest_;
};

}  // namespace mailhold::deliver
