#pragma once
// Short ways to make mail and to ask what it can be found by.

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "mailhold/mail/searchable.hpp"

namespace mailhold::mail {

/// Reads any document as what it holds.
inline std::string content_of(const Document& document)
{
    return std::string(text_of(document.content));
}

inline Searchable searchable(std::string_view raw)
{
    return searchable_of(bytes_of(raw), content_of);
}

inline std::string text_in(std::string_view raw)
{
    return searchable(raw).text;
}

inline std::string leaf(std::string_view header, std::string_view body)
{
    return fmt::format("{}\r\n\r\n{}", header, body);
}

inline std::string alternative(const std::string& plain, const std::string& html)
{
    return fmt::format("Content-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\n{}\r\n"
                       "--alt\r\n{}\r\n--alt--\r\n",
                       leaf("Content-Type: text/plain; charset=utf-8", plain),
                       leaf("Content-Type: text/html; charset=utf-8", html));
}

}  // namespace mailhold::mail
