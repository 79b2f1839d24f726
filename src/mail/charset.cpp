// iconv with strict and lenient conversion, names that mailers use, and the guesses between.

#include "charset.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <iconv.h>

#include "charset_guess.hpp"
#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::string_view western = "CP1252";
constexpr std::string_view chinese = "GB18030";

using Alias = std::pair<std::string_view, std::string_view>;

/// What a label means in practice: mailers name the old, small charset and use the larger one.
constexpr std::array<Alias, 35> aliases = {{
    {"gb2312", chinese},
    {"gb_2312-80", chinese},
    {"gbk", chinese},
    {"cp936", chinese},
    {"x-gbk", chinese},
    {"ms936", chinese},
    {"gb18030", chinese},
    {"euc-cn", chinese},
    {"x-euc-cn", chinese},
    {"big5", "BIG5"},
    {"x-big5", "BIG5"},
    {"cn-big5", "BIG5"},
    {"cp950", "BIG5"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},
    {"ks_c_5601-1987", "UHC"},
    {"euc-kr", "UHC"},
    {"iso-8859-1", western},
    {"iso8859-1", western},
    {"latin1", western},
    {"windows-1252", western},
    {"us-ascii", ""},
    {"ascii", ""},
    {"ansi_x3.4-1968", ""},
    {"utf8", "UTF-8"},
    {"iso-8859-9", "CP1254"},
    {"iso-8859-11", "CP874"},
    {"tis-620", "CP874"},
    {"unicode-1-1-utf-7", "UTF-7"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"unknown-8bit", ""},
    {"x-unknown", ""},
}};

struct CloseConverter {
    using pointer = iconv_t;
    void operator()(iconv_t converter) const { iconv_close(converter); }
};
using Converter = std::unique_ptr<iconv_t, CloseConverter>;

/// To UTF-8, in its initial state; nullptr when iconv does not know `from`. A thread keeps the few
/// that it used last: to open one costs as much as a few hundred bytes.
iconv_t converter_from(const std::string& from)
{
    constexpr std::size_t most_kept = 8;
    thread_local std::vector<std::pair<std::string, Converter>> kept;
    auto found = std::ranges::find(kept, from, &std::pair<std::string, Converter>::first);
    if (found == kept.end()) {
        const iconv_t opened = iconv_open("UTF-8", from.c_str());
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the documented error value
        if (opened == reinterpret_cast<iconv_t>(-1))
            return nullptr;
        if (kept.size() == most_kept)
            kept.erase(kept.begin());
        found = kept.insert(kept.end(), {from, Converter(opened)});
    }
    iconv(found->second.get(), nullptr, nullptr, nullptr, nullptr);
    return found->second.get();
}

/// The name for iconv; empty when the label says nothing.
std::string real_name(std::string_view declared)
{
    std::string name(declared.substr(0, declared.find('*')));  // RFC 2231 language
    std::erase_if(name, [](char c) { return c == '"' || c == '\'' || c == ' ' || c == '\t'; });
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    const auto known = std::ranges::find(aliases, std::string_view(name), &Alias::first);
    if (known != aliases.end())
        return std::string(known->second);
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.' || c == ':';
    };
    return name.size() <= 40 && std::ranges::all_of(name, is_plain) ? name : std::string();
}

/// A charset whose bytes look like ASCII.
bool is_stateful(std::string_view name)
{
    return name.starts_with("iso-2022-") || name == "UTF-7" || name == "utf-7" ||
           name.starts_with("utf-16");
}

struct Converted {
    std::string text;
    std::size_t gaps = 0;
};

/// nullopt when iconv does not know `from`. Bytes that cannot be read are gaps, marked U+FFFD;
/// stops after `max_gaps`.
std::optional<Converted> convert(std::string_view bytes, const std::string& from,
                                 std::size_t max_gaps)
{
    const iconv_t converter = converter_from(from);
    if (converter == nullptr)
        return std::nullopt;
    Converted out;
    char* in = const_cast<char*>(bytes.data());  // iconv only reads
    std::size_t left = bytes.size();
    std::array<char, 8192> buffer{};
    while (left > 0) {
        char* to = buffer.data();
        std::size_t room = buffer.size();
        const std::size_t result = iconv(converter, &in, &left, &to, &room);
        const int problem = errno;
        out.text.append(buffer.data(), buffer.size() - room);
        if (result != static_cast<std::size_t>(-1) || problem == E2BIG)
            continue;
        out.text += replacement;
        if (++out.gaps > max_gaps)
            return out;
        iconv(converter, nullptr, nullptr, nullptr, nullptr);
        ++in;
        --left;
    }
    // Windows-1255 and other charsets with combining marks hold the last letter back.
    char* to = buffer.data();
    std::size_t room = buffer.size();
    iconv(converter, nullptr, nullptr, &to, &room);
    out.text.append(buffer.data(), buffer.size() - room);
    return out;
}

std::optional<std::string> strictly(std::string_view bytes, const std::string& from)
{
    if (from.empty())
        return std::nullopt;
    auto converted = convert(bytes, from, 0);
    if (!converted || converted->gaps > 0)
        return std::nullopt;
    return std::move(converted->text);
}

struct Utf8Look {
    bool is_valid = true;
    bool has_high = false;
    bool is_unmistakable = false;  ///< has sequences of three or four bytes
};

Utf8Look look_at(std::string_view bytes)
{
    Utf8Look look;
    for (std::size_t at = 0; at < bytes.size();) {
        const Utf8Step step = utf8_step(bytes, at);
        if (!step.is_valid)
            return {.is_valid = false, .has_high = true};
        look.has_high = look.has_high || step.bytes > 1;
        look.is_unmistakable = look.is_unmistakable || step.bytes > 2;
        at += step.bytes;
    }
    return look;
}

std::string lossy(std::string_view bytes, const std::string& from)
{
    if (!from.empty())
        if (auto converted = convert(bytes, from, bytes.size());
            converted && converted->gaps * 20 <= bytes.size() + 20)
            return std::move(converted->text);
    return convert(bytes, std::string(western), bytes.size()).value_or(Converted{}).text;
}

bool reorders_or_controls(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
           c == 0x200f;
}

/// True for the line and paragraph separators, U+2028 and U+2029.
bool parts_lines(std::string_view utf8, std::size_t at)
{
    const std::string_view sign = utf8.substr(at, 3);
    return sign == "\xe2\x80\xa8" || sign == "\xe2\x80\xa9";
}

/// What stands for a control character, so that no two words become one.
std::string_view control_text(std::string_view utf8, std::size_t at, bool keeps_lines)
{
    const char c = utf8[at];
    if (c == '\n' || c == '\t')
        return !keeps_lines ? " " : c == '\n' ? "\n" : "\t";
    if (!keeps_lines)
        return "";
    if (c == '\r')
        return utf8.substr(at, 2) == "\r\n" ? "" : "\n";
    return c == '\f' || c == '\v' || parts_lines(utf8, at) ? " " : "";
}

std::string cleaned(std::string_view utf8, bool keeps_lines)
{
    std::string out;
    out.reserve(utf8.size());
    std::size_t copied = 0;  // runs are copied at once: most text has nothing to clean
    const auto replace = [&](std::size_t at, std::size_t bytes, std::string_view with) {
        out += utf8.substr(copied, at - copied);
        out += with;
        copied = at + bytes;
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = static_cast<unsigned char>(utf8[at]);
        if (c >= 0x20 && c < 0x7f) {
            ++at;
            continue;
        }
        const Utf8Step step = utf8_step(utf8, at);
        if (!step.is_valid)
            replace(at, step.bytes, replacement);
        else if (reorders_or_controls(step.character))
            replace(at, step.bytes, control_text(utf8, at, keeps_lines));
        at += step.bytes;
    }
    out += utf8.substr(copied);
    return out;
}

}  // namespace

std::string to_utf8(std::string_view bytes, std::string_view declared)
{
    const std::string label = real_name(declared);
    if (is_stateful(label))
        if (auto text = strictly(bytes, label))
            return *text;
    const Utf8Look look = look_at(bytes);
    const bool label_is_western = label.empty() || label == western;
    if (look.is_valid && (!look.has_high || look.is_unmistakable || label_is_western))
        return std::string(bytes);
    if (!label_is_western)
        if (auto text = strictly(bytes, label))
            return *text;
    if (look.is_valid)
        return std::string(bytes);
    if (const std::string_view guess = guessed_charset(bytes); guess != western)
        if (auto text = strictly(bytes, std::string(guess)))
            return *text;
    return lossy(bytes, label);
}

std::string single_line(std::string_view utf8)
{
    std::string out = cleaned(utf8, false);
    out.erase(0, std::min(out.find_first_not_of(' '), out.size()));
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

std::string running_text(std::string_view utf8)
{
    return cleaned(utf8, true);
}

}  // namespace mailhold::mail
