#pragma once
// Office files: which of them a zip is, and one reader for each.

#include <string>
#include <vector>

#include "document_reading.hpp"

namespace mailhold::mail {

enum class OfficeKind { none, word, sheet, slides, open_document, open_sheet, ofd };

/// By the names of a zip's members.
OfficeKind office_kind(const std::vector<std::string>& names);

void read_workbook(Bytes content, Reading& reading);  ///< .xlsx

/// .docx, .pptx, OpenDocument, and OFD, in which Chinese invoices come.
void read_running_office(OfficeKind kind, Bytes content, Reading& reading);

}  // namespace mailhold::mail
