// Every call into poppler.

#include <memory>
#include <string>

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page.h>

#include "document_canary.hpp"
#include "document_reading.hpp"
#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr int max_pages = 20'000;
constexpr int max_missing_pages = 100;  // one behind another: the page count is a lie

void be_silent(const std::string& /*message*/, void* /*closure*/) {}

using Pdf = std::unique_ptr<poppler::document>;

/// The bytes must outlive it.
Pdf open_pdf(std::string_view bytes)
{
    return Pdf(poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
}

/// poppler forgets its tables of characters when the last document closes; reading those of Chinese
/// takes ten times as long as a page.
void keep_tables()
{
    static const std::string bytes = canary_pdf();
    static const Pdf kept = open_pdf(bytes);
}

/// Letters that typesetters join are found as people type them.
std::string_view taken_apart(char32_t c)
{
    switch (c) {
    case 0xfb00:
        return "ff";
    case 0xfb01:
        return "fi";
    case 0xfb02:
        return "fl";
    case 0xfb03:
        return "ffi";
    case 0xfb04:
        return "ffl";
    case 0xfb05:
    case 0xfb06:
        return "st";
    default:
        return {};
    }
}

bool is_high(char32_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

bool is_low(char32_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/// By hand: poppler's own conversion takes an iconv module.
std::string to_utf8(const poppler::ustring& text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char32_t c = text[i];
        if (is_high(c) && i + 1 < text.size() && is_low(text[i + 1]))
            c = 0x10000 + ((c - 0xd800) << 10) + (text[++i] - 0xdc00U);
        if (const std::string_view letters = taken_apart(c); !letters.empty())
            out += letters;
        else
            append_utf8(c, out);
    }
    return out;
}

/// False when there is no such page.
bool read_page(const poppler::document& pdf, int number, Reading& reading)
{
    const std::unique_ptr<poppler::page> page(pdf.create_page(number));
    if (!page)
        return false;
    std::string text =
        to_utf8(page->text(poppler::rectf(), poppler::page::non_raw_non_physical_layout));
    text.erase(text.find_last_not_of(" \n\f") + 1);
    reading.add(text);
    reading.end_line();
    return true;
}

}  // namespace

void read_pdf(Bytes content, Reading& reading)
{
    poppler::set_debug_error_function(be_silent, nullptr);
    if (content.size() > 1 * gibibyte)
        return reading.fail("too large");
    keep_tables();
    const Pdf pdf = open_pdf(text_of(content));
    if (!pdf)
        return reading.fail("damaged");
    if (pdf->is_locked())
        return reading.fail("encrypted");
    int missing = 0;
    for (int i = 0; i < pdf->pages() && !reading.is_over(); ++i) {
        missing = read_page(*pdf, i, reading) ? 0 : missing + 1;
        if (missing > max_missing_pages)
            return reading.fail("damaged");
        if (i == max_pages)
            return reading.shorten("many pages");
    }
}

}  // namespace mailhold::mail
