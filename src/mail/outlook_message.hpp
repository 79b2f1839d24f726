#pragma once
// A message as Outlook keeps it, in parts and properties, and as mail has it (RFC 5322, MIME).

#include <optional>
#include <string>
#include <vector>

#include "header_writing.hpp"
#include "mailhold/base/bytes.hpp"

namespace mailhold::mail {

struct OutlookAttachment {
    std::string name;
    std::string media_type;
    std::string content_id;
    std::string content;
    bool is_message = false;  ///< `content` is a whole message
};

/// Texts are UTF-8 where nothing else is said.
struct OutlookMessage {
    std::string internet_header;  ///< as it came; any line ends; may be empty
    std::string subject;
    std::vector<Mailbox> from;
    std::vector<Mailbox> sender;  ///< who sent it in the name of `from`
    std::vector<Mailbox> to;
    std::vector<Mailbox> cc;
    std::vector<Mailbox> bcc;
    std::optional<std::int64_t> date;  ///< sent
    std::string message_id;
    std::string in_reply_to;
    std::string references;
    std::string text;
    std::string html;  ///< bytes in `html_charset`
    std::string html_charset;
    std::string rtf;
    std::vector<OutlookAttachment> attachments;
};

/// The same bytes for the same message, with CRLF line ends. Fields of the internet header stay as
/// they are, but for those that describe the body's form; what it lacks is written.
std::string composed(OutlookMessage&& message);

}  // namespace mailhold::mail
