// RFC 4180 character by character.

#include "csv.hpp"

#include "table_reader.hpp"

namespace mailhold::config {

namespace {

class CsvParser {
public:
    CsvParser(std::string_view text, char separator, std::string_view file_name)
        : text_(text), separator_(separator), file_name_(file_name)
    {
    }

    std::vector<CsvRow> parse()
    {
        while (at_ < text_.size())
            read_row();
        return std::move(rows_);
    }

private:
    void read_row()
    {
        CsvRow row{line_, {}};
        do
            row.cells.push_back(read_cell());
        while (take(separator_));
        take('\r');
        if (at_ < text_.size() && !take('\n'))
            fail("text after a closing quote");
        ++line_;
        if (row.cells.size() > 1 || !row.cells.front().empty())
            rows_.push_back(std::move(row));
    }

    std::string read_cell()
    {
        if (take('"'))
            return read_quoted();
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' &&
               !at_line_end()) {
            if (text_[at_] == '"')
                fail("a quote inside an unquoted cell");
            ++at_;
        }
        return std::string(text_.substr(start, at_ - start));
    }

    std::string read_quoted()
    {
        const std::size_t first_line = line_;
        std::string cell;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '"' && !take('"'))
                return cell;
            line_ += c == '\n' ? 1 : 0;
            cell += c;
        }
        line_ = first_line;
        fail("a quoted cell does not end");
    }

    bool at_line_end() const { return text_.substr(at_).starts_with("\r\n"); }

    bool take(char c)
    {
        if (at_ == text_.size() || text_[at_] != c)
            return false;
        ++at_;
        return true;
    }

    [[noreturn]] void fail(std::string_view why) const
    {
        fail_at(file_name_, line_, why,
                "write \"\" for a quote, and put the whole cell between quotes");
    }

    std::string_view text_;
    char separator_;
    std::filesystem::path file_name_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::vector<CsvRow> rows_;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, char separator, std::string_view file_name)
{
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    return CsvParser(text, separator, file_name).parse();
}

}  // namespace mailhold::config
