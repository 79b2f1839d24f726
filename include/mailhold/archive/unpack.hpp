#pragma once
// Files inside zip, 7z, rar, tar and compressed files that strangers sent, read one after another.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "mailhold/base/bytes.hpp"

namespace mailhold::archive {

/// What may still be read; counted down, so that archives in archives share one budget.
struct UnpackBudget {
    std::uint64_t bytes = 0;    ///< of content that is read
    std::uint32_t entries = 0;  ///< files and folders that are looked at
};

enum class Unpacked {
    whole,      ///< or as much as the visitor wanted
    shortened,  ///< the budget ended it
    damaged,    ///< or of no kind that is known
    encrypted,  ///< at least one of the files
};

/// A file in the archive, while the visitor is in it.
class Member {
public:
    virtual ~Member() = default;
    /// As the archive spells it: UTF-8, or any other charset. Not a path to be trusted.
    virtual const std::string& name() const = 0;
    /// Fills from the content; returns fewer bytes than asked for only at its end, or where the
    /// budget or the archive breaks off, which unpack() then tells.
    virtual std::size_t read(std::span<std::byte> into) = 0;
    /// True when reading ended before the content did.
    virtual bool is_cut() const = 0;
    /// Seconds since the epoch; nullopt where the archive does not tell.
    virtual std::optional<std::int64_t> modified() const = 0;
};

/// Shows each plain file to `visit`, which reads of it what it wants and returns false to see no
/// more. Throws only what `visit` throws. A compressed file that is no archive (.gz) has one member
/// without a name.
Unpacked unpack(Bytes archive, UnpackBudget& budget, const std::function<bool(Member&)>& visit);

/// The same of a zip or tar on disk, the tar bare or compressed, and of a compressed file; other
/// kinds are damaged to it. Throws not_found and storage where the file cannot be opened.
Unpacked unpack_file(const std::filesystem::path& archive, UnpackBudget& budget,
                     const std::function<bool(Member&)>& visit);

/// True when the first bytes of a file (512 tell all kinds) look like what unpack_file() reads.
bool looks_packed(Bytes start);

}  // namespace mailhold::archive
