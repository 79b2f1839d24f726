// HTML to text: UTF-8 stays UTF-8, and the text is not much longer than the HTML.

#include "mailhold/base/html.hpp"
#include "mailhold/base/json.hpp"

#include "charset.hpp"
#include "html_text.hpp"
#include "searchable_text.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {

void try_one(Bytes input)
{
    const std::string html = mail::to_utf8(text_of(input), mail::html_charset(text_of(input)));
    const std::string text = mail::html_to_text(html);
    require(is_utf8(mail::running_text(text)), "text of HTML is UTF-8");
    require(text.size() <= 2 * html.size() + 64, "text is not much longer than its HTML");
    const std::string merged = mail::merged({.plain = "plain text", .rich = text});
    require(merged.find("plain text") != std::string::npos, "the plain text is never lost");
    require(mail::html_to_text("<p>" + html_text(mail::single_line(text)) + "</p>").size() <=
                text.size() + 64,
            "escaped text is text");
}

}  // namespace mailhold::fuzz
