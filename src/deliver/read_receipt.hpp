#pragma once
// Mail whose sender wants to know when it is read.

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/identifiers.hpp"

namespace mailhold::deliver {

/// Whether a mail program may send a receipt when the message is opened: it asks for one (RFC 8098,
/// Disposition-Notification-To), and no flag says that it was sent.
bool asks_for_receipt(Bytes raw, const Flags& flags);

}  // namespace mailhold::deliver
