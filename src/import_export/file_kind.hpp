#pragma once
// What a file is, told by its name and its first bytes, and which folder its mail belongs to.

#include <string>
#include <string_view>
#include <vector>

#include "incoming.hpp"
#include "mailhold/import_export/import.hpp"

namespace mailhold::import_export {

enum class FileKind {
    nothing,       ///< not mail, and nothing that says something about mail
    message,       ///< one message, and nothing else
    maildir,       ///< one message, flags in its name
    emlx,          ///< one message in Apple's wrapping
    partial_emlx,  ///< one without its attachments
    mbox,
    packed,           ///< a zip, tar or compressed file
    outlook,          ///< a whole account of it: .pst, .ost
    outlook_message,  ///< .msg: known, not read
};

/// Bytes of a file's start that tell its kind.
inline constexpr std::size_t telling_bytes = 4 * kibibyte;

/// `path` is relative to the tree. `is_alone`: the file was named itself, so that a mere look like
/// mail is enough.
FileKind kind_of(std::string_view path, std::string_view start, ImportFormat format, bool is_alone);

/// Where the mail of the file at `path` goes. `chosen`: what the user named for mail without a
/// folder of its own; may be empty.
FolderName folder_of(FileKind kind, std::string_view path, const std::string& chosen);

/// The folder of these levels, at least one; INBOX in whatever case is one name.
FolderName folder_of_levels(std::vector<std::string> levels);

/// Levels as one name, parted by '/'.
std::string joined(const std::vector<std::string>& levels);

}  // namespace mailhold::import_export
