#pragma once
// The records of an .xls stream, and strings in them that go on from one record to the next
// (MS-XLS 2.1.4, 2.5.293).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/bytes.hpp"

namespace mailhold::mail {

struct ExcelRecord {
    std::uint16_t type = 0;
    std::vector<Bytes> parts;  ///< its data, then those of the records that continue it
};

class ExcelRecords {
public:
    explicit ExcelRecords(Bytes stream) : rest_(stream) {}
    std::optional<ExcelRecord> next();

private:
    Bytes rest_;
};

/// Reads on over the ends of parts. Behind the last one everything is zero, and at_end() true.
class ExcelCursor {
public:
    explicit ExcelCursor(const std::vector<Bytes>& parts) : parts_(parts) {}

    std::uint8_t byte();
    std::uint16_t number16();
    std::uint32_t number32();
    void skip(std::uint64_t bytes);
    bool at_end();

    /// A string whose length, in characters, was read before: its flags, what they announce, and
    /// the characters. Characters that go on in another part have flags of their own there.
    std::string string(std::size_t characters);

private:
    bool step_into_next_part();
    /// Adds characters of this part to `wide` as UTF-16LE, at most so many; returns how many.
    std::size_t widen(std::size_t characters, std::size_t width, ByteBuffer& wide);
    Bytes left() const { return parts_[part_].subspan(at_); }

    const std::vector<Bytes>& parts_;
    std::size_t part_ = 0;
    std::size_t at_ = 0;
};

}  // namespace mailhold::mail
