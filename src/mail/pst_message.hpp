#pragma once
// An item of libpst as a message.

#include <optional>
#include <string>

#include "outlook_message.hpp"
#include "pst_seam.hpp"

namespace mailhold::mail {

/// A message, and what of it could not be read.
struct ReadMessage {
    OutlookMessage message;
    std::string trouble;
    bool is_too_large = false;
};

/// True for what was sent or received, whatever Outlook calls it.
bool is_mail(const pst_item& item);

/// `limit_bytes`: of the attachments and bodies together.
ReadMessage message_of(pst_file& file, const pst_item& item, std::uint64_t limit_bytes);

Flags flags_of(const pst_item& item);
std::optional<InternalDate> internal_date_of(const pst_item& item);

}  // namespace mailhold::mail
