#pragma once
// Places that exported mail goes to: Maildir, mbox, .eml files, zip and tar.zst of .eml.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/identifiers.hpp"

namespace mailhold::deliver {

enum class Format { maildir, mbox, eml, zip, tar_zst };
/// "maildir", "mbox", "eml", "zip", "tar.zst".
std::optional<Format> parse_format(std::string_view name);

struct Outgoing {
    std::string folder;  ///< UTF-8, levels separated by '/'
    std::optional<InternalDate> date;
    Flags flags;
    std::string id_hex;  ///< content id, 64 digits
    std::string subject;  ///< for readable file names; may be empty
    Bytes raw;
};

struct Delivered {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
};

/// Not for sharing by threads. Nothing of an earlier export is overwritten: a destination that exists and is not
/// empty is refused (usage).
class Destination {
public:
    static std::unique_ptr<Destination> open(const std::filesystem::path& path, Format format);
    virtual ~Destination() = default;

    /// Original bytes, exactly. The same message twice in a folder gives two.
    virtual void add(const Outgoing& message) = 0;
    /// A folder that may stay empty.
    virtual void add_folder(const std::string& folder) = 0;
    /// Makes everything durable. Without it the export is incomplete.
    virtual Delivered finish() = 0;
};

}  // namespace mailhold::deliver
