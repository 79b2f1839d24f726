// Strict UTF-8, by hand: overlong forms, surrogates and values over U+10FFFF are invalid.

#include "utf8.hpp"

namespace mailhold::mail {

namespace {

struct Lead {
    std::size_t bytes = 0;
    char32_t bits = 0;
    char32_t least = 0;  ///< smallest character that needs this many bytes
};

Lead lead_of(unsigned char byte)
{
    if (byte < 0x80)
        return {1, byte, 0};
    if (byte >= 0xc0 && byte < 0xe0)
        return {2, byte & 0x1fU, 0x80};
    if (byte >= 0xe0 && byte < 0xf0)
        return {3, byte & 0x0fU, 0x800};
    if (byte >= 0xf0 && byte < 0xf8)
        return {4, byte & 0x07U, 0x10000};
    return {};
}

bool is_character(char32_t c)
{
    return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

}  // namespace

Utf8Step utf8_step(std::string_view text, std::size_t at) noexcept
{
    const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
    if (lead.bytes == 0 || lead.bytes > text.size() - at)
        return {};
    char32_t character = lead.bits;
    for (std::size_t i = 1; i < lead.bytes; ++i) {
        const auto byte = static_cast<unsigned char>(text[at + i]);
        if ((byte & 0xc0U) != 0x80)
            return {};
        character = character << 6 | (byte & 0x3fU);
    }
    if (character < lead.least || !is_character(character))
        return {};
    return {character, lead.bytes, true};
}

std::string_view utf8_prefix(std::string_view text, std::size_t limit_bytes) noexcept
{
    if (text.size() <= limit_bytes)
        return text;
    std::size_t end = limit_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80)
        --end;
    return text.substr(0, end);
}

void append_utf8(char32_t character, std::string& out)
{
    const char32_t c = is_character(character) ? character : 0xfffd;
    if (c < 0x80) {
        out += static_cast<char>(c);
        return;
    }
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr unsigned char marks[] = {0, 0xc0, 0xe0, 0xf0};
    out += static_cast<char>(marks[more] | (c >> (6 * more)));
    for (int i = more; i-- > 0;)
        out += static_cast<char>(0x80 | ((c >> (6 * i)) & 0x3f));
}

}  // namespace mailhold::mail
