#pragma once
// Whether what earlier uploads remember of a folder still holds.

#include "mailhold/deliver/upload.hpp"

#include "target_folder.hpp"

namespace mailhold::deliver {

/// An account that was made anew may count UIDs as the old one did, under the same UIDVALIDITY:
/// before remembered messages count as there, a few of them are compared with what the vault has.
/// Where one is another, the whole folder is read. Throws as imap::Client and `read` do.
void believe_or_read(TargetFolder& folder, imap::Client& client, const Upload::ReadMessage& read);

}  // namespace mailhold::deliver
