// Documents that are text already: plain, CSV, HTML, and XML of any vocabulary.

#include <algorithm>

#include "charset.hpp"
#include "document_reading.hpp"
#include "document_xml.hpp"
#include "html_text.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t markup_factor = 8;  // bytes of markup looked at for one byte of text

/// UTF-16 says so by its first two bytes.
std::string_view charset_by_mark(std::string_view content)
{
    return content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff") ? "utf-16" : "";
}

/// The start of `content`, not cut inside a line where it can be helped, as a cut character would
/// make the charset look wrong.
std::string_view beginning(std::string_view content, std::size_t limit, Reading& reading)
{
    if (content.size() <= limit)
        return content;
    reading.shorten("much text");
    const std::size_t end = content.rfind('\n', limit);
    const bool is_wide = !charset_by_mark(content).empty();
    return content.substr(0, end == std::string_view::npos || is_wide ? limit & ~std::size_t{3}
                                                                      : end + 1);
}

/// A picture that somebody called .txt.
bool is_binary(std::string_view content)
{
    const std::string_view head = content.substr(0, 4096);
    return charset_by_mark(content).empty() && head.find('\0') != std::string_view::npos;
}

std::string_view without_mark(std::string_view utf8)
{
    return utf8.starts_with("\xef\xbb\xbf") ? utf8.substr(3) : utf8;
}

/// Every text in it, one behind another.
class AllText final : public XmlVisitor {
public:
    explicit AllText(Reading& reading) : reading_(reading) {}
    void text(std::string_view text) override { reading_.add(text); }
    void close(std::string_view /*element*/) override { reading_.end_line(); }

private:
    Reading& reading_;
};

}  // namespace

void read_text(Bytes content, Reading& reading)
{
    const std::string_view whole = text_of(content);
    if (is_binary(whole))
        return reading.fail("not text");
    const std::string_view bytes = beginning(whole, reading.limits().text_bytes, reading);
    reading.add(without_mark(to_utf8(bytes, charset_by_mark(bytes))));
}

void read_html(Bytes content, Reading& reading)
{
    const std::string_view bytes =
        beginning(text_of(content), reading.limits().text_bytes * markup_factor, reading);
    const std::string_view mark = charset_by_mark(bytes);
    const std::string utf8 = to_utf8(bytes, mark.empty() ? html_charset(bytes) : mark);
    reading.add(html_to_text(without_mark(utf8)));
}

void read_xml(Bytes content, Reading& reading)
{
    AllText visitor(reading);
    XmlReader xml(visitor);
    constexpr std::size_t piece_bytes = 64 * kibibyte;
    for (std::size_t at = 0; at < content.size() && !reading.is_over(); at += piece_bytes)
        if (!xml.feed(content.subspan(at, std::min(piece_bytes, content.size() - at))))
            break;
    if (!xml.finish())
        reading.fail("damaged");
}

}  // namespace mailhold::mail
