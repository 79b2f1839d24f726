// A tokenizer of tags and character references.
//
// libxml2's parser walks its stack of open elements for every end tag, so hostile mail makes it
// quadratic; text for a person needs no tree.

#include "html_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "utf8.hpp"

namespace mailhold::mail {

namespace {

/// Names of U+00A0 to U+00FF in order (HTML 4, 24.2).
constexpr std::array<std::string_view, 96> latin_names = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

using Name = std::pair<std::string_view, char32_t>;
constexpr std::array<Name, 20> other_names = {
    {{"lt", '<'},       {"gt", '>'},        {"amp", '&'},      {"quot", '"'},
     {"apos", '\''},    {"hellip", 0x2026}, {"mdash", 0x2014}, {"ndash", 0x2013},
     {"lsquo", 0x2018}, {"rsquo", 0x2019},  {"ldquo", 0x201c}, {"rdquo", 0x201d},
     {"sbquo", 0x201a}, {"bdquo", 0x201e},  {"bull", 0x2022},  {"euro", 0x20ac},
     {"trade", 0x2122}, {"rarr", 0x2192},   {"larr", 0x2190},  {"oelig", 0x0153}}};

constexpr std::array<std::string_view, 24> line_elements = {
    "address", "article", "blockquote", "br",  "dd",      "div",   "dl", "dt",
    "footer",  "h1",      "h2",         "h3",  "h4",      "h5",    "h6", "header",
    "hr",      "li",      "ol",         "pre", "section", "table", "tr", "ul"};

constexpr std::array<std::string_view, 5> hidden_elements = {"head", "noscript", "script", "style",
                                                             "title"};

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alnum(char c)
{
    return is_alpha(c) || (c >= '0' && c <= '9');
}

char32_t named(std::string_view name)
{
    if (const auto at = std::ranges::find(latin_names, name); at != latin_names.end())
        return 0xa0 + static_cast<char32_t>(at - latin_names.begin());
    const auto at = std::ranges::find(other_names, name, &Name::first);
    return at == other_names.end() ? 0 : at->second;
}

char32_t numbered(std::string_view digits)
{
    const bool is_hex = digits.starts_with('x') || digits.starts_with('X');
    digits.remove_prefix(is_hex ? 1 : 0);
    std::uint32_t value = 0;
    const auto result =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, is_hex ? 16 : 10);
    return result.ec == std::errc() && result.ptr == digits.data() + digits.size() ? value : 0;
}

class TextMaker {
public:
    explicit TextMaker(std::string_view html) : html_(html) {}

    std::string run()
    {
        while (at_ < html_.size()) {
            if (html_[at_] == '<' && at_ + 1 < html_.size() && starts_markup(html_[at_ + 1]))
                read_markup();
            else if (html_[at_] == '&')
                read_reference();
            else
                add_text(html_[at_++]);
        }
        return std::move(out_);
    }

private:
    static bool starts_markup(char c) { return is_alpha(c) || c == '/' || c == '!' || c == '?'; }

    void read_markup()
    {
        if (html_.substr(at_).starts_with("<!--")) {
            skip_past("-->", at_ + 4);
            return;
        }
        const bool is_end = html_[at_ + 1] == '/';
        std::size_t end = at_ + (is_end ? 2 : 1);
        std::string name;
        while (end < html_.size() && is_alnum(html_[end]) && name.size() < 16) {
            const char c = html_[end++];
            name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
        skip_past(">", end);
        const auto hidden = std::ranges::find(hidden_elements, name);
        if (!is_end && hidden != hidden_elements.end())
            skip_element(static_cast<std::size_t>(hidden - hidden_elements.begin()));
        else
            break_for(name, is_end);
    }

    /// A target that does not come ends the text.
    void skip_past(std::string_view target, std::size_t from)
    {
        const std::size_t found = html_.find(target, from);
        at_ = found == std::string_view::npos ? html_.size() : found + target.size();
    }

    /// Skips to behind the end tag of a hidden element; when there is none, nothing is hidden.
    void skip_element(std::size_t element)
    {
        const std::string_view name = hidden_elements[element];
        if (never_ends_[element])
            return;
        for (std::size_t at = html_.find("</", at_); at != std::string_view::npos;
             at = html_.find("</", at + 2)) {
            const std::string_view found = html_.substr(at + 2, name.size());
            if (std::ranges::equal(found, name, [](char a, char b) { return (a | 32) == b; })) {
                skip_past(">", at);
                return;
            }
        }
        never_ends_[element] = true;
    }

    void break_for(std::string_view name, bool is_end)
    {
        if (name == "p")
            add_breaks(is_end ? 1 : 2);
        else if (name == "br")
            out_ += '\n';
        else if (std::ranges::find(line_elements, name) != line_elements.end())
            add_breaks(1);
        else if (name == "td" || name == "th")
            add_text(' ');
    }

    /// At least `count` line ends stand before what comes, unless it is the first.
    void add_breaks(std::size_t count)
    {
        while (out_.ends_with(' '))
            out_.pop_back();
        if (out_.empty())
            return;
        std::size_t there = 0;
        while (there < count && there < out_.size() && out_[out_.size() - 1 - there] == '\n')
            ++there;
        out_.append(count - there, '\n');
    }

    void add_text(char c)
    {
        if (!is_space(c))
            out_ += c;
        else if (!out_.empty() && out_.back() != ' ' && out_.back() != '\n')
            out_ += ' ';
    }

    void read_reference()
    {
        std::size_t end = at_ + 1;
        while (end < html_.size() && end < at_ + 12 && (is_alnum(html_[end]) || html_[end] == '#'))
            ++end;
        const std::string_view name = html_.substr(at_ + 1, end - at_ - 1);
        const char32_t character = name.starts_with('#') ? numbered(name.substr(1)) : named(name);
        if (character == 0) {
            add_text(html_[at_++]);
            return;
        }
        at_ = end < html_.size() && html_[end] == ';' ? end + 1 : end;
        if (character == 0xa0)
            out_ += ' ';
        else if (character != 0xad)
            append_utf8(character, out_);
    }

    std::string_view html_;
    std::size_t at_ = 0;
    std::array<bool, hidden_elements.size()>
        never_ends_{};  ///< looked for in vain: not looked for again
    std::string out_;
};

}  // namespace

std::string html_to_text(std::string_view utf8)
{
    return TextMaker(utf8).run();
}

std::string_view html_charset(std::string_view html)
{
    const std::string_view start = html.substr(0, 2'048);
    std::size_t at = start.find("charset=");
    if (at == std::string_view::npos)
        at = start.find("CHARSET=");
    if (at == std::string_view::npos)
        return {};
    std::string_view name = start.substr(at + 8);
    while (name.starts_with('"') || name.starts_with('\''))
        name.remove_prefix(1);
    const auto is_end = [](char c) { return !is_alnum(c) && c != '-' && c != '_'; };
    return name.substr(0,
                       static_cast<std::size_t>(std::ranges::find_if(name, is_end) - name.begin()));
}

}  // namespace mailhold::mail
