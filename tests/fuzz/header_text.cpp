// Header values: encoded words (RFC 2047), addresses, parameters, dates.

#include "mailhold/base/json.hpp"

#include "flowed.hpp"
#include "gmime_seam.hpp"
#include "header_text.hpp"
#include "parts.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

void try_decoding(std::string_view value, std::string_view charset)
{
    const std::string text = mail::decode_text(value, charset);
    require(is_utf8(text), "a decoded value is UTF-8");
    require(text.find_first_of("\r\n") == std::string::npos, "a decoded value is one line");
    const std::string same = mail::in_utf8(value, charset);
    require(mail::decode_text(same, "utf-8") == text, "a value means the same in UTF-8");
}

void try_parameters(const std::string& value)
{
    const mail::ContentType type = mail::parse_content_type(value);
    require(type.media_type.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos,
            "media types are lower case");
    mail::parse_disposition(value);
    require(mail::parse_addresses(value, 20).size() <= 20, "addresses are bounded");
    if (const auto date = mail::parse_header_date(value))
        require(date->zone_minutes > -1440 && date->zone_minutes < 1440, "a zone is a zone");
}

}  // namespace

void try_one(Bytes input)
{
    Pieces pieces(input);
    const std::string_view charset = pieces.until('\n');
    const std::string_view value = text_of(pieces.rest());
    try_decoding(value, charset);
    try_parameters(mail::in_utf8(value, charset));
    mail::unflowed(value, charset.empty());
    for (const std::string& address :
         mail::addresses("From: " + std::string(value) + "\r\n\r\n", "From", charset))
        require(is_utf8(address), "an address is UTF-8");
}

}  // namespace mailhold::fuzz
