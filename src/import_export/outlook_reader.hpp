#pragma once
// Outlook's .pst and .ost: all mail of an account in one file.

#include <filesystem>

#include "incoming.hpp"
#include "tree_reader.hpp"

namespace mailhold::import_export {

/// Hands the file's messages to `sink`, in its own folders: below that of `context`, unless the
/// file `is_alone`. Throws malformed for the file, or for what of it could not be read.
void read_outlook(const std::filesystem::path& file, const FileContext& context, bool is_alone,
                  TreeSink& sink);

}  // namespace mailhold::import_export
