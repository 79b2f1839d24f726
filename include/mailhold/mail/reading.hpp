#pragma once
// A message for a person: decoded headers, readable text, the list of attachments.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/clock.hpp"

namespace mailhold::mail {

struct Attachment {
    int number = 0;                ///< 1.. as `show --part N` takes it
    std::string file_name;         ///< decoded; may be empty; never a path
    std::string media_type;        ///< "application/pdf"
    std::uint64_t size_bytes = 0;  ///< decoded
};

/// Everything in UTF-8, whatever the message said of its charset; header values without control
/// characters.
struct Readable {
    std::string from;
    std::vector<std::string> to;
    std::vector<std::string> cc;
    std::string subject;
    std::string message_id;
    std::optional<InternalDate> date;  ///< of the Date header
    std::string text;  ///< text/plain, or text made of the HTML when there is no plain part
    std::vector<Attachment> attachments;
};

/// Never throws for odd mail: what cannot be read is left empty. Depth and part count are bounded.
Readable read_message(Bytes raw);

/// Only the subject: one decoded line, without a look at the body.
std::string subject_of(Bytes raw);

/// From, and To with Cc, decoded, parted by ", ", without a look at the body.
struct Correspondents {
    std::string from;
    std::string to;
};
Correspondents correspondents_of(Bytes raw);

/// Only the Date header; nullopt when it is absent or no date.
std::optional<InternalDate> date_of(Bytes raw);

/// Decoded bytes of attachment `number`; nullopt when there is no such one.
std::optional<ByteBuffer> read_attachment(Bytes raw, int number);

}  // namespace mailhold::mail
