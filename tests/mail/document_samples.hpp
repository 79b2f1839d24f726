#pragma once
// Documents made on the spot: good ones, and some that no office program would write.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailhold::test {

using Members = std::vector<std::pair<std::string, std::string>>;

std::string zip(const Members& members);
std::string tar_zst(const Members& members);

/// From the objects 1, 2, …; the first is the catalog.
std::string pdf_of_objects(const std::vector<std::string>& objects);
std::string pdf_stream(std::string_view data);
/// A page for each text, in Helvetica.
std::string pdf(const std::vector<std::string>& pages);

/// Paragraphs as the body of each.
std::string docx(const std::vector<std::string>& paragraphs);
std::string pptx(const std::vector<std::string>& slides);
std::string odt(std::string_view body);
std::string ods(std::string_view body);

/// `rows` is the XML inside sheetData; `shared` the shared strings.
std::string xlsx(std::string_view rows, const std::vector<std::string>& shared);

}  // namespace mailhold::test
