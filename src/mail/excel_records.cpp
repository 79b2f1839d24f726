// Records and their continuations.

#include "excel_records.hpp"

#include <algorithm>

#include "compound_file.hpp"

namespace mailhold::mail {

namespace {

constexpr std::uint16_t continuation = 0x003c;
constexpr std::size_t header_bytes = 4;

}  // namespace

std::optional<ExcelRecord> ExcelRecords::next()
{
    ExcelRecord record;
    while (rest_.size() >= header_bytes) {
        const auto type = read_le<std::uint16_t>(rest_, 0);
        if (!record.parts.empty() && type != continuation)
            break;
        const std::size_t length =
            std::min<std::size_t>(read_le<std::uint16_t>(rest_, 2), rest_.size() - header_bytes);
        if (record.parts.empty())
            record.type = type;
        record.parts.push_back(rest_.subspan(header_bytes, length));
        rest_ = rest_.subspan(header_bytes + length);
    }
    if (record.parts.empty())
        return std::nullopt;
    return record;
}

bool ExcelCursor::step_into_next_part()
{
    while (part_ < parts_.size() && at_ >= parts_[part_].size()) {
        ++part_;
        at_ = 0;
    }
    return part_ < parts_.size();
}

bool ExcelCursor::at_end()
{
    return !step_into_next_part();
}

std::uint8_t ExcelCursor::byte()
{
    return step_into_next_part() ? std::to_integer<std::uint8_t>(parts_[part_][at_++])
                                 : std::uint8_t{0};
}

std::uint16_t ExcelCursor::number16()
{
    const std::uint16_t low = byte();
    return static_cast<std::uint16_t>(low | byte() << 8);
}

std::uint32_t ExcelCursor::number32()
{
    const std::uint32_t low = number16();
    return low | std::uint32_t{number16()} << 16;
}

void ExcelCursor::skip(std::uint64_t bytes)
{
    while (bytes > 0 && step_into_next_part()) {
        const std::size_t taken = std::min<std::uint64_t>(bytes, left().size());
        at_ += taken;
        bytes -= taken;
    }
}

std::size_t ExcelCursor::widen(std::size_t characters, std::size_t width, ByteBuffer& wide)
{
    const std::size_t here = std::min(characters, left().size() / width);
    for (const std::byte b : left().first(here * width)) {
        wide.push_back(b);
        if (width == 1)
            wide.push_back(std::byte{0});
    }
    at_ = here > 0 ? at_ + here * width : parts_[part_].size();  // half a character
    return here;
}

std::string ExcelCursor::string(std::size_t characters)
{
    unsigned flags = byte();
    const std::uint64_t runs = (flags & 8) != 0 ? number16() : 0;
    const std::uint64_t phonetic_bytes = (flags & 4) != 0 ? number32() : 0;
    ByteBuffer wide;
    while (characters > 0 && part_ < parts_.size()) {
        if (left().empty()) {
            if (!step_into_next_part())
                break;
            flags = byte();
            continue;
        }
        characters -= widen(characters, (flags & 1) != 0 ? 2 : 1, wide);
    }
    skip(4 * runs + phonetic_bytes);
    return from_utf16(wide);
}

}  // namespace mailhold::mail
