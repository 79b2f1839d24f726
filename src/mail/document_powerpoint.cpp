// .ppt: records in records; texts are leaves among them (MS-PPT 2.3.1).

#include "document_ole.hpp"

namespace mailhold::mail {

namespace {

constexpr std::uint16_t text_of_two_bytes = 0x0fa0;
constexpr std::uint16_t text_of_one_byte = 0x0fa8;
constexpr std::uint16_t encryption = 0x2f14;
constexpr std::size_t header_bytes = 8;

std::string text_of_record(std::uint16_t type, Bytes data)
{
    if (type == text_of_two_bytes)
        return from_utf16(data);
    ByteBuffer wide;  // the lower halves of UTF-16
    for (const std::byte low : data) {
        wide.push_back(low);
        wide.push_back(std::byte{0});
    }
    return from_utf16(wide);
}

void add_text(std::string_view text, Reading& reading)
{
    for (;;) {
        const std::size_t end = text.find_first_of("\r\n\v");
        reading.add(text.substr(0, end));
        reading.end_line();
        if (end == std::string_view::npos)
            return;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

void read_powerpoint(const CompoundFile& file, Reading& reading)
{
    const ByteBuffer stream =
        file.read(CompoundFile::root, "PowerPoint Document", max_stream_bytes);
    Bytes rest = stream;
    while (rest.size() >= header_bytes && !reading.is_over()) {
        const bool is_container = (read_le<std::uint16_t>(rest, 0) & 0xf) == 0xf;
        const auto type = read_le<std::uint16_t>(rest, 2);
        const std::size_t length =
            std::min<std::size_t>(read_le<std::uint32_t>(rest, 4), rest.size() - header_bytes);
        if (type == encryption)
            return reading.fail("encrypted");
        rest = rest.subspan(header_bytes);
        if (is_container)
            continue;  // what is in it comes next
        if (type == text_of_two_bytes || type == text_of_one_byte)
            add_text(text_of_record(type, rest.first(length)), reading);
        rest = rest.subspan(length);
    }
}

}  // namespace mailhold::mail
