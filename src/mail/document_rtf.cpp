// RTF: groups, control words, and bytes in the code page of the font that stands for them.

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "charset.hpp"
#include "document_reading.hpp"
#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_groups = 1'000;
constexpr int default_code_page = 1252;

/// What a font's \fcharset says about its bytes; 0: what the file says.
int code_page_of_charset(int charset)
{
    constexpr std::array<std::pair<int, int>, 13> known = {{{128, 932},
                                                            {129, 949},
                                                            {134, 936},
                                                            {136, 950},
                                                            {161, 1253},
                                                            {162, 1254},
                                                            {163, 1258},
                                                            {177, 1255},
                                                            {178, 1256},
                                                            {186, 1257},
                                                            {204, 1251},
                                                            {222, 874},
                                                            {238, 1250}}};
    for (const auto& [number, page] : known)
        if (number == charset)
            return page;
    return 0;
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    for (const std::string_view one : words)
        if (word == one)
            return true;
    return false;
}

/// Characters that have words of their own.
char32_t character_of(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, char32_t>, 7> known = {{
        {"emdash", 0x2014},
        {"endash", 0x2013},
        {"bullet", 0x2022},
        {"lquote", 0x2018},
        {"rquote", 0x2019},
        {"ldblquote", 0x201c},
        {"rdblquote", 0x201d},
    }};
    for (const auto& [name, character] : known)
        if (name == word)
            return character;
    return 0;
}

struct Group {
    bool is_skipped = false;
    bool is_fonts = false;  ///< the table of fonts
    int code_page = 0;      ///< 0: the file's
    int fallback_characters = 1;
};

struct Control {
    std::string_view word;
    std::optional<int> number;
};

class RtfReader {
public:
    RtfReader(std::string_view rtf, Reading& reading) : rest_(rtf), reading_(reading) {}

    void read()
    {
        while (!rest_.empty() && !reading_.is_over())
            step();
        flush();
    }

private:
    void step()
    {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        if (c == '{')
            open();
        else if (c == '}')
            close();
        else if (c == '\\')
            control();
        else if (c != '\r' && c != '\n')
            byte(c);
    }

    void open()
    {
        flush();
        fallback_left_ = 0;
        if (groups_.size() < max_groups)
            groups_.push_back(groups_.back());
        else
            ++groups_too_many_;
        may_name_destination_ = true;
    }

    void close()
    {
        flush();
        fallback_left_ = 0;
        if (groups_too_many_ > 0)
            --groups_too_many_;
        else if (groups_.size() > 1)
            groups_.pop_back();
    }

    void control()
    {
        if (rest_.empty())
            return;
        if (is_letter(rest_.front()))
            return word(next_word());
        const char symbol = rest_.front();
        rest_.remove_prefix(1);
        if (symbol == '*') {
            // Nobody needs to know what follows; the text of drawn shapes is among it, though.
            is_optional_ = may_name_destination_;
            return;
        }
        if (symbol == '\'')
            return hexadecimal();
        if (symbol == '\r' || symbol == '\n')
            return line();
        if (symbol == '~')
            return byte(' ');
        if (symbol == '_')
            return byte('-');
        if (symbol == '{' || symbol == '}' || symbol == '\\')
            byte(symbol);
    }

    Control next_word()
    {
        Control found;
        std::size_t end = 0;
        while (end < rest_.size() && is_letter(rest_[end]))
            ++end;
        found.word = rest_.substr(0, end);
        rest_.remove_prefix(end);
        int number = 0;
        const auto [stop, problem] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
        if (problem == std::errc())
            found.number = number;
        rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
        if (rest_.starts_with(' '))
            rest_.remove_prefix(1);
        return found;
    }

    void word(const Control& control)
    {
        const bool names_destination = std::exchange(may_name_destination_, false);
        const bool is_optional = std::exchange(is_optional_, false);
        if (names_destination)
            destination(control.word, is_optional);
        if (control.word == "bin")
            rest_.remove_prefix(std::min<std::size_t>(
                static_cast<std::size_t>(std::max(control.number.value_or(0), 0)), rest_.size()));
        else if (control.word == "u")
            unicode(control.number.value_or(0));
        else if (character_of(control.word) != 0)
            character(character_of(control.word));
        else if (is_one_of(control.word, {"par", "line", "row", "sect", "page", "nestrow"}))
            line();
        else if (is_one_of(control.word, {"tab", "cell", "nestcell"}))
            cell();
        else
            setting(control);
    }

    void destination(std::string_view word, bool is_optional)
    {
        Group& group = groups_.back();
        if (word == "fonttbl")
            group.is_fonts = true;
        if (is_one_of(word, {"colortbl", "stylesheet", "info", "pict", "nonshppict", "filetbl"}) ||
            (is_optional && !is_one_of(word, {"shpinst", "shptxt", "footnote", "annotation"})))
            group.is_skipped = true;
    }

    void setting(const Control& control)
    {
        Group& group = groups_.back();
        const int number = control.number.value_or(0);
        if (control.word == "ansicpg") {
            file_code_page_ = number;
        } else if (control.word == "uc") {
            group.fallback_characters = std::clamp(number, 0, 16);
        } else if (control.word == "fcharset" && group.is_fonts) {
            font_code_pages_[font_] = code_page_of_charset(number);
        } else if (control.word == "f") {
            flush();
            font_ = number;
            const auto found = font_code_pages_.find(number);
            group.code_page = found == font_code_pages_.end() ? 0 : found->second;
        } else if (control.word == "plain") {
            flush();
            group.code_page = 0;
        }
    }

    bool is_hidden() const { return groups_.back().is_skipped || groups_.back().is_fonts; }

    void byte(char c)
    {
        may_name_destination_ = false;
        if (fallback_left_ > 0) {
            --fallback_left_;
            return;
        }
        if (is_hidden())
            return;
        flush_high_unit();
        bytes_ += c;
        if (bytes_.size() >= 64 * kibibyte && static_cast<unsigned char>(c) < 0x80)
            flush();
    }

    void hexadecimal()
    {
        unsigned value = 0;
        const std::string_view digits = rest_.substr(0, 2);
        const auto [stop, problem] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (problem != std::errc())
            return;
        rest_.remove_prefix(static_cast<std::size_t>(stop - digits.data()));
        byte(static_cast<char>(value));
    }

    void unicode(int number)
    {
        const auto unit = static_cast<char32_t>(static_cast<std::uint16_t>(number));
        fallback_left_ = groups_.back().fallback_characters;
        if (unit >= 0xdc00 && unit < 0xe000 && high_unit_ != 0) {
            const char32_t high = std::exchange(high_unit_, 0);
            character(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
        } else if (unit >= 0xd800 && unit < 0xdc00) {
            flush();
            high_unit_ = unit;
        } else {
            character(unit);
        }
    }

    void character(char32_t c)
    {
        if (is_hidden())
            return;
        flush();
        std::string utf8;
        append_utf8(c, utf8);
        reading_.add(utf8);
    }

    void line()
    {
        if (is_hidden())
            return;
        flush();
        reading_.end_line();
    }

    void cell()
    {
        if (is_hidden())
            return;
        flush();
        reading_.end_cell();
    }

    void flush_high_unit() { high_unit_ = 0; }  // half a character is none

    void flush()
    {
        flush_high_unit();
        if (bytes_.empty())
            return;
        const int page = groups_.back().code_page != 0 ? groups_.back().code_page : file_code_page_;
        reading_.add(to_utf8(bytes_, page == 65001 ? "utf-8" : fmt::format("cp{}", page)));
        bytes_.clear();
    }

    std::string_view rest_;
    Reading& reading_;
    std::vector<Group> groups_{1};
    std::size_t groups_too_many_ = 0;
    std::map<int, int> font_code_pages_;
    int font_ = 0;
    int file_code_page_ = default_code_page;
    std::string bytes_;       ///< not yet converted
    char32_t high_unit_ = 0;  ///< of a surrogate pair
    int fallback_left_ = 0;   ///< characters for old readers, to be left out
    bool may_name_destination_ = false;
    bool is_optional_ = false;
};

}  // namespace

void read_rtf(Bytes content, Reading& reading)
{
    RtfReader(text_of(content), reading).read();
}

}  // namespace mailhold::mail
