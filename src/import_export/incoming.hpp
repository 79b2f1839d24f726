#pragma once
// What the readers of the formats hand on: one message at a time, or why there is none.

#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/identifiers.hpp"

namespace mailhold::import_export {

/// A larger message is reported, and left out.
inline constexpr std::uint64_t max_message_bytes = 256 * mebibyte;

/// Where in the imported files something lies, for people.
struct Whereabouts {
    std::string file = {};
    std::uint64_t offset = 0;
};

/// A folder's name as it shall stand in the vault; without a separator it is one level.
struct FolderName {
    std::string name;
    std::optional<char> separator;
};

struct Incoming {
    Whereabouts from;
    FolderName folder;
    Flags flags;
    std::optional<InternalDate> date;
    ByteBuffer raw;
    /// An export's manifest says what it is: taken even when it is empty.
    bool is_described = false;
};

/// Takes what readers find. message() may throw what ends the import: interrupted, storage.
class MailSink {
public:
    virtual ~MailSink() = default;
    virtual void message(Incoming&& message) = 0;
    virtual void failed(const Whereabouts& where, const std::string& why) = 0;
};

/// What is known of a file before it is read.
struct FileContext {
    std::string file;  ///< for people
    FolderName folder;
    Flags flags;
    std::optional<InternalDate> date;
};

}  // namespace mailhold::import_export
