#pragma once
// Places that exported mail goes to: Maildir, mbox, .eml files, zip and tar.zst of .eml.
// docs/export.md says what each looks like and how every byte and flag is got back.

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

/// JSON lines, one a message: path, id, folder, flags, internaldate, size. Written last: an export
/// without it is incomplete.
inline constexpr std::string_view manifest_name = "mailhold-export.jsonl";

struct Outgoing {
    std::string account;   ///< a level above the folder, where mail of several is mixed; or empty
    std::string folder;    ///< decoded name as the server has it
    char separator = '/';  ///< of levels in `folder`; NUL: none
    std::optional<InternalDate> date;
    Flags flags;
    std::string id_hex;     ///< content id, 64 digits
    std::string subject;    ///< for readable file names and the index; may be empty
    std::string from = {};  ///< for the index, decoded
    std::string to = {};    ///< the same: To and Cc
    Bytes raw;
};

struct Delivered {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
};

/// Not for sharing by threads. Nothing of an earlier export is overwritten: a destination that
/// exists and is not empty is refused (usage). Every call throws storage.
class Destination {
public:
    /// `with_index`: a page that lists the messages, and their SHA-256 sums; zip and tar.zst only,
    /// else throws usage.
    static std::unique_ptr<Destination> open(const std::filesystem::path& path, Format format,
                                             bool with_index = false);
    virtual ~Destination() = default;

    /// Original bytes, exactly. The same message twice in a folder gives two.
    virtual void add(const Outgoing& message) = 0;
    /// A folder that may stay empty. Archives (zip, tar.zst) leave empty ones out.
    virtual void add_folder(const std::string& folder, char separator = '/') = 0;
    /// Makes everything durable. Without it the export is incomplete.
    virtual Delivered finish() = 0;
    /// True when add() makes use of a subject.
    virtual bool wants_subject() const = 0;
    /// True when it makes use of from and to, too.
    virtual bool wants_addresses() const { return false; }
};

}  // namespace mailhold::deliver
