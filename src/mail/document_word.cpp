// .doc: the text lies in pieces, some with a byte a character and some with two. Section numbers
// are of MS-DOC.

#include <algorithm>

#include "charset.hpp"
#include "document_ole.hpp"

namespace mailhold::mail {

namespace {

constexpr std::uint16_t word_97 = 0xc1;  // nFib of the first one with pieces as here
constexpr std::size_t max_pieces = 1'000'000;

/// Running text from Word's characters: its marks become lines and cells, the codes of fields
/// (which stand before their results) are left out. 2.8.25, 2.4.1.
class WordText {
public:
    explicit WordText(Reading& reading) : reading_(reading) {}

    void add(std::string_view utf8)
    {
        std::size_t start = 0;
        for (std::size_t at = 0; at < utf8.size(); ++at) {
            const auto c = static_cast<unsigned char>(utf8[at]);
            if (c >= 0x20)
                continue;
            add_plain(utf8.substr(start, at - start));
            start = at + 1;
            mark(c);
        }
        add_plain(utf8.substr(start));
    }

private:
    void add_plain(std::string_view text)
    {
        if (!in_field_code_)
            reading_.add(text);
    }

    void mark(unsigned char c)
    {
        if (c == 0x13)
            in_field_code_ = true;
        else if (c == 0x14 || c == 0x15)
            in_field_code_ = false;
        else if (c == 0x0d || c == 0x0b || c == 0x0c)
            reading_.end_line();
        else if (c == 0x07 || c == 0x09)
            reading_.end_cell();
        else if (c == 0x1e)
            add_plain("-");
    }

    Reading& reading_;
    bool in_field_code_ = false;
};

/// The table of pieces (2.9.38), behind any number of other structures.
Bytes piece_table(Bytes clx)
{
    while (clx.size() >= 5) {
        const auto kind = std::to_integer<unsigned>(clx[0]);
        if (kind == 2) {
            const auto length = read_le<std::uint32_t>(clx, 1);
            return clx.subspan(5, std::min<std::size_t>(length, clx.size() - 5));
        }
        const std::size_t skipped = 3U + read_le<std::uint16_t>(clx, 1);
        if (kind != 1 || skipped > clx.size())
            break;
        clx = clx.subspan(skipped);
    }
    return {};
}

void read_piece(Bytes document, std::uint32_t place, std::size_t characters, WordText& text)
{
    // Bit 30: one byte a character, in Windows-1252, at half the place. 2.9.73
    const bool is_compressed = (place & 0x40000000) != 0;
    std::size_t start = place & 0x3fffffff;
    if (is_compressed)
        start /= 2;
    if (start >= document.size())
        return;
    const std::size_t bytes =
        std::min(characters * (is_compressed ? 1 : 2), document.size() - start);
    const Bytes piece = document.subspan(start, bytes);
    text.add(is_compressed ? to_utf8(text_of(piece), "windows-1252") : from_utf16(piece));
}

void read_pieces(Bytes document, Bytes table, Reading& reading)
{
    if (table.size() < 4)
        return reading.fail("damaged");
    const std::size_t pieces = std::min((table.size() - 4) / 12, max_pieces);
    WordText text(reading);
    for (std::size_t i = 0; i < pieces && !reading.is_over(); ++i) {
        const auto begin = read_le<std::uint32_t>(table, 4 * i);
        const auto end = read_le<std::uint32_t>(table, 4 * i + 4);
        const auto place = read_le<std::uint32_t>(table, 4 * (pieces + 1) + 8 * i + 2);
        if (end > begin)
            read_piece(document, place, end - begin, text);
    }
}

}  // namespace

void read_word(const CompoundFile& file, Reading& reading)
{
    const ByteBuffer document = file.read(CompoundFile::root, "WordDocument", max_stream_bytes);
    if (document.size() < 0x1aa || read_le<std::uint16_t>(document, 0) != 0xa5ec)
        return reading.fail("damaged");
    const auto flags = read_le<std::uint16_t>(document, 10);
    if ((flags & 0x0100) != 0)
        return reading.fail("encrypted");
    if (read_le<std::uint16_t>(document, 2) < word_97) {  // one run of bytes
        const std::size_t begin =
            std::min<std::size_t>(read_le<std::uint32_t>(document, 24), document.size());
        const std::size_t end =
            std::min<std::size_t>(read_le<std::uint32_t>(document, 28), document.size());
        const Bytes text = Bytes(document).subspan(begin, end > begin ? end - begin : 0);
        return WordText(reading).add(to_utf8(text_of(text), {}));
    }
    const bool is_second = (flags & 0x0200) != 0;
    const ByteBuffer tables =
        file.read(CompoundFile::root, is_second ? "1Table" : "0Table", max_stream_bytes);
    const std::size_t begin =
        std::min<std::size_t>(read_le<std::uint32_t>(document, 0x1a2), tables.size());
    const std::size_t length =
        std::min<std::size_t>(read_le<std::uint32_t>(document, 0x1a6), tables.size() - begin);
    read_pieces(document, piece_table(Bytes(tables).subspan(begin, length)), reading);
}

}  // namespace mailhold::mail
