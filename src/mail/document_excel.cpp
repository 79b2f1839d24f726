// .xls: cells as records, their words in one shared table. Section numbers are of MS-XLS.

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "charset.hpp"
#include "document_ole.hpp"
#include "excel_records.hpp"

namespace mailhold::mail {

namespace {

// Types of records (2.3.2).
constexpr std::uint16_t formula = 0x0006;
constexpr std::uint16_t code_page = 0x0042;
constexpr std::uint16_t encryption = 0x002f;
constexpr std::uint16_t sheet_name = 0x0085;
constexpr std::uint16_t packed_numbers = 0x00bd;
constexpr std::uint16_t shared_table = 0x00fc;
constexpr std::uint16_t shared_cell = 0x00fd;
constexpr std::uint16_t drawn_text = 0x01b6;
constexpr std::uint16_t number = 0x0203;
constexpr std::uint16_t own_text = 0x0204;
constexpr std::uint16_t formula_text = 0x0207;
constexpr std::uint16_t packed_number = 0x027e;
constexpr std::uint16_t stream_begin = 0x0809;

constexpr std::uint16_t excel_97 = 0x0600;
constexpr std::size_t max_strings = 500'000;
constexpr std::size_t max_string_bytes = 16 * mebibyte;

/// 2.5.122: 30 bits of an integer or of a double, maybe a hundredfold.
double unpacked_number(std::uint32_t packed)
{
    double value = 0;
    if ((packed & 2) != 0)
        value = static_cast<std::int32_t>(packed) >> 2;
    else
        value = std::bit_cast<double>(std::uint64_t{packed & ~3U} << 32);
    return (packed & 1) != 0 ? value / 100 : value;
}

class ExcelReader {
public:
    explicit ExcelReader(Reading& reading) : reading_(reading) {}

    void read(Bytes stream)
    {
        ExcelRecords records(stream);
        while (!reading_.is_over() && !is_encrypted_) {
            const std::optional<ExcelRecord> record = records.next();
            if (!record)
                break;
            take(*record);
        }
        reading_.end_line();
    }

private:
    void take(const ExcelRecord& record)
    {
        ExcelCursor cursor(record.parts);
        switch (record.type) {
        case stream_begin:
            is_modern_ = cursor.number16() == excel_97;
            row_ = -1;
            return;
        case code_page:
            charset_ = charset_of(cursor.number16());
            return;
        case encryption:
            is_encrypted_ = true;
            return reading_.fail("encrypted");
        case sheet_name:
            return add_sheet_name(cursor);
        case shared_table:
            return read_shared(cursor);
        case drawn_text:
            return add_drawn(record);
        case formula_text:
            return add_cell(string(cursor, cursor.number16()));
        default:
            return take_cell(record.type, cursor);
        }
    }

    void take_cell(std::uint16_t type, ExcelCursor& cursor)
    {
        const bool is_cell = type == formula || type == packed_numbers || type == shared_cell ||
                             type == number || type == own_text || type == packed_number;
        if (!is_cell)
            return;
        go_to_row(cursor.number16());
        cursor.skip(2);  // the column
        if (type == packed_numbers)
            return add_packed(cursor);
        cursor.skip(2);  // the format
        if (type == shared_cell)
            add_shared(cursor.number32());
        else if (type == own_text)
            add_cell(string(cursor, cursor.number16()));
        else if (type == packed_number)
            add_number(unpacked_number(cursor.number32()));
        else
            add_double(cursor, type == formula);
    }

    static std::string charset_of(unsigned page)
    {
        if (page == 1200)
            return "utf-16";
        return page == 0x8001 ? "windows-1252" : fmt::format("cp{}", page);
    }

    /// Before Excel 97: bytes in the code page of the file.
    std::string string(ExcelCursor& cursor, std::size_t characters)
    {
        if (is_modern_)
            return cursor.string(characters);
        std::string bytes;
        for (std::size_t i = 0; i < characters && !cursor.at_end(); ++i)
            bytes += static_cast<char>(cursor.byte());
        return to_utf8(bytes, charset_);
    }

    void add_sheet_name(ExcelCursor& cursor)
    {
        cursor.skip(6);
        reading_.add(string(cursor, cursor.byte()));
        reading_.end_line();
    }

    void read_shared(ExcelCursor& cursor)
    {
        cursor.skip(8);  // counts, which may lie
        std::size_t bytes = 0;
        while (!cursor.at_end() && shared_.size() < max_strings && bytes < max_string_bytes) {
            shared_.push_back(cursor.string(cursor.number16()));
            bytes += shared_.back().size();
        }
    }

    /// 2.4.329: the characters come in the record's first continuation.
    void add_drawn(const ExcelRecord& record)
    {
        if (record.parts.size() < 2 || record.parts[0].size() < 12)
            return;
        const std::vector<Bytes> text(record.parts.begin() + 1, record.parts.end());
        ExcelCursor cursor(text);
        reading_.end_line();
        reading_.add(cursor.string(read_le<std::uint16_t>(record.parts[0], 10)));
        reading_.end_line();
    }

    void go_to_row(int row)
    {
        if (row != row_)
            reading_.end_line();
        row_ = row;
    }

    void add_cell(std::string_view text)
    {
        reading_.add(text);
        reading_.end_cell();
    }

    void add_shared(std::uint32_t index)
    {
        if (index < shared_.size())
            add_cell(shared_[index]);
    }

    void add_number(double value) { add_cell(fmt::format("{:.15g}", value)); }

    /// Of a formula, its result; one that is no number has FFFF at its end. 2.5.133
    void add_double(ExcelCursor& cursor, bool may_be_other)
    {
        const std::uint64_t low = cursor.number32();
        const std::uint64_t bits = low | std::uint64_t{cursor.number32()} << 32;
        if (!may_be_other || bits >> 48 != 0xffff)
            add_number(std::bit_cast<double>(bits));
    }

    /// 2.4.175: pairs of format and number; the last column behind them.
    void add_packed(ExcelCursor& cursor)
    {
        while (!cursor.at_end()) {
            cursor.skip(2);
            const std::uint32_t packed = cursor.number32();
            if (!cursor.at_end())
                add_number(unpacked_number(packed));
        }
    }

    Reading& reading_;
    bool is_modern_ = true;
    bool is_encrypted_ = false;
    std::string charset_;
    std::vector<std::string> shared_;
    int row_ = -1;
};

}  // namespace

void read_excel(const CompoundFile& file, Reading& reading)
{
    ByteBuffer stream = file.read(CompoundFile::root, "Workbook", max_stream_bytes);
    if (stream.empty())
        stream = file.read(CompoundFile::root, "Book", max_stream_bytes);
    ExcelReader(reading).read(stream);
}

}  // namespace mailhold::mail
