// The five characters that are markup somewhere.

#include "mailhold/base/html.hpp"

namespace mailhold {

std::string html_text(std::string_view plain)
{
    std::string out;
    for (const char c : plain)
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
        }
    return out;
}

}  // namespace mailhold
