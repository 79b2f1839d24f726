#pragma once
// Compound files: the small file systems in which Office before 2007 and Outlook keep documents
// (MS-CFB).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/bytes.hpp"

namespace mailhold::mail {

class CompoundFile {
public:
    struct Entry {
        std::string name;  ///< UTF-8
        bool is_storage = false;
        std::size_t parent = 0;  ///< of entries(); the root is its own
        std::uint32_t first_sector = 0;
        std::uint64_t size_bytes = 0;
    };
    static constexpr std::size_t root = 0;

    /// nullopt when it is none. `content` must outlive the object. Chains that lead in a circle
    /// end; no number in the file makes it take more memory than the file has bytes.
    static std::optional<CompoundFile> open(Bytes content);

    /// Those that can be reached from the root.
    const std::vector<Entry>& entries() const noexcept { return entries_; }
    /// Directly in `storage`; nullptr when there is none of this name.
    const Entry* find(std::size_t storage, std::string_view name) const;
    /// The content of a stream, at most `limit_bytes`; what cannot be found is missing.
    ByteBuffer read(const Entry& stream, std::uint64_t limit_bytes) const;
    /// The same by name; empty when there is no such stream.
    ByteBuffer read(std::size_t storage, std::string_view name, std::uint64_t limit_bytes) const;

private:
    Bytes sector(std::uint32_t number) const;
    std::vector<std::uint32_t> chain(std::uint32_t first, const std::vector<std::uint32_t>& next,
                                     std::size_t most) const;
    ByteBuffer content_of(const std::vector<std::uint32_t>& sectors) const;
    bool read_header();
    void read_directory();

    Bytes file_;
    std::size_t sector_bytes_ = 512;
    std::uint64_t small_stream_bytes_ = 4096;  ///< shorter streams lie in the small sectors
    std::uint32_t first_directory_sector_ = 0;
    std::vector<std::uint32_t> next_;        ///< of each sector
    std::vector<std::uint32_t> next_small_;  ///< of each small sector
    ByteBuffer small_sectors_;
    std::vector<Entry> entries_;
};

/// UTF-16LE as UTF-8, for the strings in such files.
std::string from_utf16(Bytes characters);

}  // namespace mailhold::mail
