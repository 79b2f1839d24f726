#pragma once
// Apple Mail's .emlx: a count of bytes, the message, and a property list.

#include "buffered_reader.hpp"
#include "incoming.hpp"

namespace mailhold::import_export {

/// Hands the file's message to `sink`, or says why there is none.
void read_emlx(BufferedReader& reader, const FileContext& context, MailSink& sink);

}  // namespace mailhold::import_export
