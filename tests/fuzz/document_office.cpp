// Office files: DOCX, XLSX, PPTX, OpenDocument, OFD. The input is the content of their members, or
// the zip itself.

#include <array>

#include <zlib.h>

#include "document.hpp"

namespace mailhold::fuzz {
namespace {

using Names = std::array<std::string_view, 3>;

/// The members that readers look for, of each kind.
constexpr std::array<Names, 6> members_of{{
    {"[Content_Types].xml", "word/document.xml", "word/footnotes.xml"},
    {"xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"},
    {"[Content_Types].xml", "ppt/slides/slide1.xml", "ppt/notesSlides/notesSlide1.xml"},
    {"mimetype", "content.xml", "meta.xml"},
    {"OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"},
    {"a.txt", "b.csv", "c.html"},
}};

/// Names, sizes and checksums as in the zip format's APPNOTE; nothing is compressed.
class StoredZip {
public:
    void add(std::string_view name, std::string_view content)
    {
        ByteBuffer header;  // what local and central header share
        append_le(header, std::uint16_t{20});
        append_le(header, std::uint64_t{0});  // flags, method, time, date
        append_le(header, checksum(content));
        append_le(header, static_cast<std::uint32_t>(content.size()));
        append_le(header, static_cast<std::uint32_t>(content.size()));
        append_le(header, static_cast<std::uint32_t>(name.size()));  // and no extra field
        append(directory_, bytes_of("PK\1\2"));
        append_le(directory_, std::uint16_t{20});
        append(directory_, header);
        directory_.resize(directory_.size() + 10);
        append_le(directory_, static_cast<std::uint32_t>(out_.size()));
        append(directory_, bytes_of(name));
        append(out_, bytes_of("PK\3\4"));
        append(out_, header);
        append(out_, bytes_of(name));
        append(out_, bytes_of(content));
        ++count_;
    }

    ByteBuffer finish()
    {
        const std::size_t start = out_.size();
        append(out_, directory_);
        append(out_, bytes_of("PK\5\6"));
        append_le(out_, std::uint32_t{0});
        append_le(out_, count_);
        append_le(out_, count_);
        append_le(out_, static_cast<std::uint32_t>(directory_.size()));
        append_le(out_, static_cast<std::uint32_t>(start));
        append_le(out_, std::uint16_t{0});
        return std::move(out_);
    }

private:
    static std::uint32_t checksum(std::string_view content)
    {
        return static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(content.data()),
                                                  static_cast<uInt>(content.size())));
    }

    ByteBuffer out_;
    ByteBuffer directory_;
    std::uint16_t count_ = 0;
};

}  // namespace

/// The first byte says which kind; its members follow, parted by form feeds.
void try_one(Bytes input)
{
    Pieces pieces(input);
    const unsigned kind = pieces.byte() % (members_of.size() + 1);
    if (kind == members_of.size())
        return try_document(mail::read_zip, pieces.rest());
    StoredZip zip;
    for (const std::string_view name : members_of[kind])
        zip.add(name, pieces.until('\f'));
    try_document(mail::read_zip, zip.finish());
}

}  // namespace mailhold::fuzz
