#pragma once
// Reads all mail of a tree of files: what manifests and keyword lists say first, then the messages.

#include "file_kind.hpp"
#include "incoming.hpp"
#include "mail_tree.hpp"
#include "mailhold/import_export/import.hpp"

namespace mailhold::import_export {

/// Takes messages, and counts what was no mail.
class TreeSink : public MailSink {
public:
    virtual void passed_over(const std::string& file) = 0;
    /// An item in a file of Outlook: a contact, an appointment.
    virtual void passed_over_item() = 0;
};

/// Reads the file or folder at `path`, and the archives in it. Throws not_found and usage for
/// `path` itself; trouble with a file in it is told to `sink`.
void read_path(const std::filesystem::path& path, const ImportOptions& options,
               const std::string& account, TreeSink& sink);

}  // namespace mailhold::import_export
