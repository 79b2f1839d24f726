// .xlsx: the words stand in a table of their own, which often comes behind the sheets that use it;
// hence two walks through the file.

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "document_markup.hpp"
#include "document_office.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_shared_bytes = 16 * mebibyte;
constexpr std::size_t max_shared_strings = 500'000;

/// Texts of cells, which the cells name by their number.
class SharedStrings final : public XmlVisitor {
public:
    void open(std::string_view element, const XmlAttributes& /*attributes*/) override
    {
        if (element == "si" && strings_.size() < max_shared_strings)
            strings_.emplace_back();
        in_text_ = element == "t";
        in_phonetic_ = in_phonetic_ || element == "rPh";
    }

    void text(std::string_view piece) override
    {
        if (!in_text_ || in_phonetic_ || strings_.empty() || bytes_ > max_shared_bytes)
            return;
        strings_.back() += piece;
        bytes_ += piece.size();
    }

    void close(std::string_view element) override
    {
        if (element == "t")
            in_text_ = false;
        if (element == "rPh")
            in_phonetic_ = false;
    }

    std::string_view at(std::string_view number) const
    {
        std::size_t i = strings_.size();
        std::from_chars(number.data(), number.data() + number.size(), i);
        return i < strings_.size() ? std::string_view(strings_[i]) : std::string_view();
    }

private:
    std::vector<std::string> strings_;
    std::size_t bytes_ = 0;
    bool in_text_ = false;
    bool in_phonetic_ = false;
};

/// 15 digits, as the program shows: 0.1 + 0.2 is stored as 0.30000000000000004.
std::string shown_number(const std::string& stored)
{
    double value = 0;
    const char* end = stored.data() + stored.size();
    const auto [stop, problem] = std::from_chars(stored.data(), end, value);
    return problem == std::errc() && stop == end ? fmt::format("{:.15g}", value) : stored;
}

class Sheet final : public XmlVisitor {
public:
    Sheet(const SharedStrings& shared, Reading& reading) : shared_(shared), reading_(reading) {}

    void open(std::string_view element, const XmlAttributes& attributes) override
    {
        if (element == "c") {
            type_ = attributes.value("t");
            value_.clear();
        }
        if (element == "rPh")
            in_phonetic_ = true;
        takes_text_ = !in_phonetic_ && (element == "v" || element == "t");
    }

    void text(std::string_view piece) override
    {
        if (takes_text_ && value_.size() < max_shared_bytes)
            value_ += piece;
    }

    void close(std::string_view element) override
    {
        takes_text_ = false;
        if (element == "rPh")
            in_phonetic_ = false;
        else if (element == "c")
            end_cell();
        else if (element == "row")
            reading_.end_line();
    }

private:
    void end_cell()
    {
        if (type_ == "s")
            reading_.add(shared_.at(value_));
        else if (type_.empty() || type_ == "n")
            reading_.add(shown_number(value_));
        else if (type_ == "str" || type_ == "inlineStr" || type_ == "d")
            reading_.add(value_);
        // The others are truth values and errors.
        reading_.end_cell();
    }

    const SharedStrings& shared_;
    Reading& reading_;
    std::string type_;
    std::string value_;
    bool takes_text_ = false;
    bool in_phonetic_ = false;
};

class SheetNames final : public XmlVisitor {
public:
    explicit SheetNames(Reading& reading) : reading_(reading) {}
    void open(std::string_view element, const XmlAttributes& attributes) override
    {
        if (element != "sheet")
            return;
        std::string name(attributes.value("name"));
        // libxml2 leaves this one reference in attributes.
        for (std::size_t at = name.find("&#38;"); at != std::string::npos; at = name.find("&#38;"))
            name.replace(at, 5, "&");
        reading_.add(name);
        reading_.end_line();
    }

private:
    Reading& reading_;
};

constexpr std::array<std::pair<std::string_view, Effect>, 5> note_rules = {{
    {"t", Effect::collect},
    {"text", Effect::end_line},  // of a comment; of a conversation:
    {"threadedComment", Effect::end_line},
    {"p", Effect::end_line},
    {"Fallback", Effect::skip},
}};

bool is_note(std::string_view name)
{
    return name.starts_with("xl/comments") || name.starts_with("xl/threadedComments/") ||
           name.starts_with("xl/drawings/drawing") || name.starts_with("xl/charts/chart");
}

SharedStrings shared_strings(Bytes content, Reading& reading)
{
    SharedStrings shared;
    archive::unpack(content, reading.budget(), [&](archive::Member& member) {
        if (member.name() != "xl/sharedStrings.xml")
            return true;
        parse_member(member, shared, reading);
        return false;
    });
    return shared;
}

void read_part(archive::Member& member, const SharedStrings& shared, Reading& reading)
{
    const std::string& name = member.name();
    if (name.starts_with("xl/worksheets/sheet")) {
        Sheet sheet(shared, reading);
        parse_member(member, sheet, reading);
    } else if (name == "xl/workbook.xml") {
        SheetNames names(reading);
        parse_member(member, names, reading);
    } else if (is_note(name)) {
        MarkupText notes(note_rules, reading);
        parse_member(member, notes, reading);
    }
    reading.end_line();
}

}  // namespace

void read_workbook(Bytes content, Reading& reading)
{
    const SharedStrings shared = shared_strings(content, reading);
    reading.note(archive::unpack(content, reading.budget(), [&](archive::Member& member) {
        read_part(member, shared, reading);
        return !reading.is_over();
    }));
}

}  // namespace mailhold::mail
