#pragma once
// What makes an archive of messages readable to someone without a mail program: a page that lists
// them by date, and their SHA-256 sums (docs/export.md, With an index).

#include <cstdint>
#include <string>
#include <vector>

#include "mailhold/deliver/destination.hpp"

namespace mailhold::deliver {

inline constexpr std::string_view index_name = "index.html";
inline constexpr std::string_view checksums_name = "SHA256SUMS";

/// Collects one row a message; some 300 bytes each are held until the end.
class IndexPage {
public:
    /// The message lies at `path` of the archive.
    void add(const std::string& path, const Outgoing& message);

    /// The page, rows by date; one self-contained file.
    std::string html();

    /// Lines as sha256sum writes and checks them, of the messages and of files added by
    /// add_file().
    const std::string& checksums() const noexcept { return checksums_; }
    void add_file(const std::string& path, Bytes content);

private:
    struct Row {
        std::int64_t time = 0;
        std::string html;
    };
    std::vector<Row> rows_;
    std::string checksums_;
};

}  // namespace mailhold::deliver
