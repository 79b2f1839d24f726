// How wide text is on a terminal, and text cut to a width (terminal.hpp).

#include <locale.h>
#include <wchar.h>

#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::string_view ellipsis = "…";

struct CodePoint {
    char32_t value = 0;
    std::size_t length = 1;
};

/// The code point at the start of `text`, which is UTF-8 (printable() made sure of it).
CodePoint first_code_point(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length > text.size())
        return {lead, 1};
    char32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    return {value, length};
}

/// The C library's tables (Unicode TR11) whatever the user's locale is: for this thread, while it
/// lives.
class UnicodeLocale {
public:
    UnicodeLocale()
    {
        static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        is_known_ = unicode != nullptr;
        if (is_known_)
            before_ = uselocale(unicode);
    }
    ~UnicodeLocale()
    {
        if (is_known_)
            uselocale(before_);
    }
    UnicodeLocale(const UnicodeLocale&) = delete;
    UnicodeLocale& operator=(const UnicodeLocale&) = delete;

    std::size_t columns(char32_t c) const
    {
        const int width = is_known_ ? wcwidth(static_cast<wchar_t>(c)) : -1;
        return width >= 0 ? static_cast<std::size_t>(width) : is_in_wide_block(c) ? 2 : 1;
    }

private:
    /// For characters younger than the C library, and systems without the locale.
    static bool is_in_wide_block(char32_t c)
    {
        return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
               (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
               (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
               (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
               (c >= 0x20000 && c <= 0x3FFFD);
    }

    bool is_known_ = false;
    locale_t before_{};
};

struct Start {
    std::size_t bytes = 0;
    std::size_t columns = 0;
};

/// The longest start of `text` that takes at most `columns`, with the marks that belong to its last
/// character.
Start start_within(std::string_view text, std::size_t columns)
{
    const UnicodeLocale locale;
    Start start;
    while (start.bytes < text.size()) {
        const CodePoint point = first_code_point(text.substr(start.bytes));
        const std::size_t width = locale.columns(point.value);
        if (start.columns + width > columns)
            break;
        start.bytes += point.length;
        start.columns += width;
    }
    return start;
}

}  // namespace

std::size_t columns_of(std::string_view utf8)
{
    return start_within(utf8, std::string_view::npos).columns;
}

std::string fitted(std::string_view utf8, std::size_t columns)
{
    Start start = start_within(utf8, columns);
    std::string out;
    if (start.bytes == utf8.size()) {
        out = utf8;
    } else if (columns > 0) {
        start = start_within(utf8, columns - 1);
        out = std::string(utf8.substr(0, start.bytes)) + std::string(ellipsis);
        ++start.columns;
    }
    return out.append(columns - start.columns, ' ');
}

}  // namespace mailhold::cli
