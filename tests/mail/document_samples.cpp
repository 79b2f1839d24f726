// ZIP through the archive module, PDF and XML by hand.

#include "mail/document_samples.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "mailhold/archive/file_writer.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::test {

namespace {

using archive::ArchiveFileWriter;

std::string packed(const Members& members, ArchiveFileWriter::Format format)
{
    const TempDir dir;
    const std::filesystem::path path = dir.path() / "archive";
    ArchiveFileWriter writer(path, format);
    for (const auto& [name, content] : members)
        writer.add(name, bytes_of(content), 1'700'000'000);
    writer.finish();
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

std::string of_paragraphs(const std::vector<std::string>& paragraphs, std::string_view open,
                          std::string_view close)
{
    std::string out;
    for (const std::string& paragraph : paragraphs)
        out += fmt::format("{}{}{}", open, paragraph, close);
    return out;
}

}  // namespace

std::string zip(const Members& members)
{
    return packed(members, ArchiveFileWriter::Format::zip);
}

std::string tar_zst(const Members& members)
{
    return packed(members, ArchiveFileWriter::Format::tar_zst);
}

std::string pdf_of_objects(const std::vector<std::string>& objects)
{
    std::string out = "%PDF-1.4\n";
    std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
    for (std::size_t i = 0; i < objects.size(); ++i) {
        table += fmt::format("{:010} 00000 n \n", out.size());
        out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
    }
    return out + table +
           fmt::format("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n",
                       objects.size() + 1, out.size());
}

std::string pdf_stream(std::string_view data)
{
    return fmt::format("<</Length {}>>\nstream\n{}\nendstream", data.size(), data);
}

std::string pdf(const std::vector<std::string>& pages)
{
    std::string kids;
    for (std::size_t i = 0; i < pages.size(); ++i)
        kids += fmt::format("{} 0 R ", 4 + 2 * i);
    std::vector<std::string> objects = {
        "<</Type/Catalog/Pages 2 0 R>>",
        fmt::format("<</Type/Pages/Count {}/Kids[{}]>>", pages.size(), kids),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"};
    for (std::size_t i = 0; i < pages.size(); ++i) {
        objects.push_back(fmt::format("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} "
                                      "0 R/Resources<</Font<</F1 3 0 R>>>>>>",
                                      5 + 2 * i));
        objects.push_back(pdf_stream(fmt::format("BT /F1 12 Tf 50 700 Td ({}) Tj ET", pages[i])));
    }
    return pdf_of_objects(objects);
}

std::string docx(const std::vector<std::string>& paragraphs)
{
    return zip({{"[Content_Types].xml", "<Types/>"},
                {"word/document.xml",
                 fmt::format("<w:document xmlns:w=\"urn:w\"><w:body>{}</w:body></w:document>",
                             of_paragraphs(paragraphs, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>"))},
                {"word/styles.xml", "<w:styles xmlns:w=\"urn:w\"><w:t>unseen</w:t></w:styles>"}});
}

std::string pptx(const std::vector<std::string>& slides)
{
    Members members = {{"[Content_Types].xml", "<Types/>"}};
    for (std::size_t i = 0; i < slides.size(); ++i)
        members.emplace_back(
            fmt::format("ppt/slides/slide{}.xml", i + 1),
            fmt::format("<p:sld xmlns:p=\"urn:p\" xmlns:a=\"urn:a\"><a:p><a:r><a:t>"
                        "{}</a:t></a:r></a:p></p:sld>",
                        slides[i]));
    return zip(members);
}

std::string odt(std::string_view body)
{
    return zip({{"mimetype", "application/vnd.oasis.opendocument.text"},
                {"content.xml", fmt::format("<office xmlns:text=\"urn:t\">{}</office>", body)}});
}

std::string ods(std::string_view body)
{
    return zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                {"content.xml", fmt::format("<office xmlns:text=\"urn:t\" xmlns:table=\"urn:b\">{}"
                                            "</office>",
                                            body)}});
}

std::string xlsx(std::string_view rows, const std::vector<std::string>& shared)
{
    return zip({{"[Content_Types].xml", "<Types/>"},
                {"xl/workbook.xml",
                 "<workbook><sheets><sheet name=\"Prices &amp; terms\"/></sheets></workbook>"},
                {"xl/worksheets/sheet1.xml",
                 fmt::format("<worksheet><sheetData>{}</sheetData></worksheet>", rows)},
                {"xl/sharedStrings.xml",
                 fmt::format("<sst>{}</sst>", of_paragraphs(shared, "<si><t>", "</t></si>"))}});
}

}  // namespace mailhold::test
