#pragma once
// Every call into GMime: what header values mean, and transfer encodings undone.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/identifiers.hpp"

namespace mailhold::mail {

struct ContentType {
    std::string media_type;  ///< lower case; empty when it cannot be read
    std::string boundary;
    std::string charset;
    std::string name;
    bool is_flowed = false;       ///< RFC 3676
    bool deletes_spaces = false;  ///< its DelSp
};

ContentType parse_content_type(const std::string& value);

struct Disposition {
    bool is_attachment = false;
    std::string file_name;
};

Disposition parse_disposition(const std::string& value);

/// "Name <address>" of every address, groups taken apart; at most `limit`.
std::vector<std::string> parse_addresses(const std::string& value, std::size_t limit);

std::optional<InternalDate> parse_header_date(const std::string& value);

/// Undoes a Content-Transfer-Encoding leniently, piece by piece; an unknown one changes nothing.
/// `sink` returns false to stop.
void decode_transfer(std::string_view body, const std::string& encoding,
                     const std::function<bool(Bytes)>& sink);

}  // namespace mailhold::mail
