#pragma once
// mbox files of every variant, message by message (docs/import.md, mbox).

#include "buffered_reader.hpp"
#include "incoming.hpp"

namespace mailhold::import_export {

enum class MboxVariant {
    automatic,  ///< Content-Length where it is exact, else as rd, headers left as they are
    o,          ///< one '>' is taken from lines ">From "
    rd,         ///< one '>' is taken from lines that are "From " behind any number of '>'
    cl,         ///< as rd, and Content-Length tells the end where it is exact
    cl2,        ///< Content-Length tells the end where it is exact; nothing is quoted
};

/// Hands every message of the file to `sink`; nothing but one message is held in memory.
void read_mbox(BufferedReader& reader, const FileContext& context, MboxVariant variant,
               MailSink& sink);

}  // namespace mailhold::import_export
