#pragma once
// The text of attached documents: what kinds are read, and the reading itself, which parses what
// strangers sent and therefore runs in a worker process (document_workers.hpp).

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"

namespace mailhold::mail {

/// An attachment, decoded.
struct Document {
    std::string_view file_name;
    std::string_view media_type;
    Bytes content;
};

struct DocumentLimits {
    std::uint64_t text_bytes = 4 * mebibyte;        ///< of one document, with all inside it
    std::uint64_t unpacked_bytes = 256 * mebibyte;  ///< read out of archives and office files
    std::uint32_t entries = 1'000;                  ///< files in archives
    std::uint32_t depth = 3;                        ///< archives and messages in one another
    std::chrono::milliseconds time{15'000};         ///< then reading ends at the next page or file
};

struct DocumentText {
    enum class Outcome {
        unread,  ///< of no kind that is read (an image)
        read,
        shortened,  ///< a limit ended it; the text is the beginning
        failed,     ///< damaged, encrypted, or its worker died; there may be some text all the same
    };
    Outcome outcome = Outcome::unread;
    std::string text;  ///< UTF-8; words of different cells, pages and files are apart
    std::string why;   ///< for shortened and failed: a few words without the document's content
};

/// True when read_document() reads documents of this kind; decided by name, type and first bytes.
bool is_readable(const Document& document);

/// Never throws for odd content. To be called in a worker process only: its parsers are large.
DocumentText read_document(const Document& document, const DocumentLimits& limits);

}  // namespace mailhold::mail
