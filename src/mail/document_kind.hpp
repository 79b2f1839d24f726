#pragma once
// What kind of document something is: by its first bytes, then by its name and media type.

#include "mailhold/mail/document.hpp"

namespace mailhold::mail {

enum class DocumentKind {
    unread,
    archive,  ///< rar, 7z, tar, a compressed file
    html,
    mail,
    ole,  ///< the files of Office before 2007, and Outlook's messages
    pdf,
    rtf,
    text,
    tnef,  ///< winmail.dat
    xml,
    zip,  ///< office files too
};

DocumentKind kind_of(const Document& document);

}  // namespace mailhold::mail
