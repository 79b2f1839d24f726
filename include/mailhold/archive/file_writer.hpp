#pragma once
// Archives for people: a .zip or .tar.zst of files, for export.

#include <filesystem>
#include <memory>
#include <string>

#include "mailhold/base/bytes.hpp"

namespace mailhold::archive {

/// Writes one archive file; it gets its name only when finish() returns. Not for sharing by
/// threads.
class ArchiveFileWriter {
public:
    enum class Format { zip, tar_zst };

    /// Throws storage; never overwrites: throws usage if `path` exists.
    ArchiveFileWriter(const std::filesystem::path& path, Format format);
    ~ArchiveFileWriter();  ///< without finish(): removes what was written

    /// `path` is UTF-8 with '/' between folders.
    void add(const std::string& path, Bytes content, std::int64_t mtime);
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::archive
