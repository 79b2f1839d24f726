// Modified UTF-7: printable ASCII as it is, "&" as "&-", the rest as UTF-16BE in "&…-" with base64
// that has "," for "/" and no padding.

#include "mailhold/imap/utf7.hpp"

#include <cstdint>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::imap {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool stands_for_itself(char c)
{
    return c >= 0x20 && c <= 0x7e;
}

void append_utf8(std::string& out, char32_t character)
{
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (character < 0x80) {
        put(character);
    } else if (character < 0x800) {
        put(0xc0 | character >> 6);
        put(0x80 | (character & 0x3f));
    } else if (character < 0x10000) {
        put(0xe0 | character >> 12);
        put(0x80 | (character >> 6 & 0x3f));
        put(0x80 | (character & 0x3f));
    } else {
        put(0xf0 | character >> 18);
        put(0x80 | (character >> 12 & 0x3f));
        put(0x80 | (character >> 6 & 0x3f));
        put(0x80 | (character & 0x3f));
    }
}

/// UTF-16 units of one base64 run; nullopt when the base64 is not sound.
std::optional<std::u16string> decode_run(std::string_view run)
{
    std::u16string units;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : run) {
        const auto value = alphabet.find(c);
        if (value == alphabet.npos)
            return {};
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 16) {
            count -= 16;
            units += static_cast<char16_t>(bits >> count & 0xffff);
        }
    }
    return units;
}

/// False when surrogates are not in pairs.
bool append_utf16(std::string& out, std::u16string_view units)
{
    for (std::size_t i = 0; i < units.size(); ++i) {
        char32_t character = units[i];
        if (character >= 0xd800 && character < 0xe000) {
            const bool pair = character < 0xdc00 && i + 1 < units.size() &&
                              units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000;
            if (!pair)
                return false;
            character = 0x10000 + ((character - 0xd800) << 10) + (units[++i] - 0xdc00U);
        }
        append_utf8(out, character);
    }
    return true;
}

char32_t take_character(std::string_view utf8, std::size_t& at)
{
    const auto byte = [&] { return static_cast<unsigned char>(utf8[at++]); };
    const char32_t first = byte();
    if (first < 0x80)
        return first;
    const int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    char32_t character = first & (0x3fU >> more);
    for (int i = 0; i < more; ++i)
        character = character << 6 | (byte() & 0x3fU);
    return character;
}

void append_run(std::string& out, std::u16string_view units)
{
    std::uint32_t bits = 0;
    int count = 0;
    out += '&';
    for (const char16_t unit : units) {
        bits = bits << 16 | unit;
        for (count += 16; count >= 6; count -= 6)
            out += alphabet[bits >> (count - 6) & 0x3f];
    }
    if (count > 0)
        out += alphabet[bits << (6 - count) & 0x3f];
    out += '-';
}

std::optional<std::string> decode_leniently(std::string_view wire)
{
    std::string utf8;
    for (std::size_t at = 0; at < wire.size(); ++at) {
        if (!stands_for_itself(wire[at]))
            return {};
        if (wire[at] != '&') {
            utf8 += wire[at];
            continue;
        }
        const auto end = wire.find('-', at);
        if (end == wire.npos)
            return {};
        const auto run = wire.substr(at + 1, end - at - 1);
        const auto units = decode_run(run);
        if (!units || !append_utf16(utf8, *units))
            return {};
        if (run.empty())
            utf8 += '&';
        at = end;
    }
    return utf8;
}

}  // namespace

std::optional<std::string> decode_modified_utf7(std::string_view wire)
{
    auto utf8 = decode_leniently(wire);
    // Being the exact inverse is the whole test of canonical form: no ASCII in base64, no stray
    // bits, no two runs in a row.
    if (!utf8 || !is_utf8(*utf8) || encode_modified_utf7(*utf8) != wire)
        return {};
    return utf8;
}

std::string encode_modified_utf7(std::string_view utf8)
{
    if (!is_utf8(utf8))
        throw Error(ErrorKind::malformed, "folder name is not UTF-8");
    std::string wire;
    std::u16string run;
    const auto flush = [&] {
        if (!run.empty())
            append_run(wire, run);
        run.clear();
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t character = take_character(utf8, at);
        if (character < 0x80 && stands_for_itself(static_cast<char>(character))) {
            flush();
            wire += static_cast<char>(character);
            wire += character == '&' ? "-" : "";
        } else if (character < 0x10000) {
            run += static_cast<char16_t>(character);
        } else {
            run += static_cast<char16_t>(0xd800 + ((character - 0x10000) >> 10));
            run += static_cast<char16_t>(0xdc00 + ((character - 0x10000) & 0x3ff));
        }
    }
    flush();
    return wire;
}

}  // namespace mailhold::imap
