#pragma once
// What a message can be found by: decoded header fields and all its text.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/identifiers.hpp"
#include "mailhold/mail/document.hpp"

namespace mailhold::mail {

inline constexpr std::size_t max_searchable_bytes = 8 * mebibyte;  ///< of text, attachments' too

struct SearchableAttachment {
    std::string file_name;
    std::string media_type;
    std::string text;
};

/// Everything in UTF-8, whatever the message said of its charset.
struct Searchable {
    std::vector<std::string> from;  ///< "Name <address>", decoded; Sender's too when it differs
    std::vector<std::string> to;
    std::vector<std::string> cc;
    std::vector<std::string> bcc;
    std::string subject;
    std::string list;                     ///< List-Id
    std::string message_id;               ///< without its angle brackets
    std::vector<std::string> references;  ///< References, then In-Reply-To; without brackets
    std::optional<InternalDate> date;     ///< of the Date header
    std::string text;                     ///< of all bodies, also of attached messages
    std::vector<SearchableAttachment> attachments;
};

/// Gives the text of a decoded attachment of a readable kind (mail::is_readable).
using DocumentReader = std::function<std::string(const Document&)>;

/// Never throws for odd mail (it throws what `read` throws). Depth, part count and text are
/// bounded. Encrypted bodies (S/MIME, PGP) are left alone.
Searchable searchable_of(Bytes raw, const DocumentReader& read);

}  // namespace mailhold::mail
