#pragma once
// A message as a person reads it in a terminal.

#include <string>
#include <string_view>
#include <vector>

#include "mailhold/crypto/types.hpp"
#include "mailhold/mail/reading.hpp"

#include "lookup.hpp"

namespace mailhold::cli {

struct MessageView {
    crypto::ContentId id;
    std::uint64_t size_bytes = 0;  ///< raw
    std::vector<Lying> places;
    const mail::Readable& message;
};

/// Header block, text, attachments; nothing in it steers a terminal.
std::string message_for_terminal(const MessageView& view);

/// "2024-02-29 23:59 +08:00": where the author's clock stood.
std::string date_with_zone(const InternalDate& date);

/// The body's text, with what was quoted set back: lines behind ">", and the line that introduces
/// them ("On Monday Bob wrote:").
std::string text_with_quotes_dimmed(std::string_view text);

}  // namespace mailhold::cli
