#pragma once
// Header fields written: encoded words (RFC 2047), mailboxes, parameters (RFC 2231), dates. All
// text goes in as UTF-8 and comes out as ASCII with CRLF line ends.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailhold::mail {

struct Mailbox {
    std::string name;
    std::string address;  ///< without an '@' it is none: unknown@unknown.invalid is written
};

// Each is a whole field, folded; empty where there is nothing to say.
std::string text_field(std::string_view name, std::string_view text);
std::string mailbox_field(std::string_view name, const std::vector<Mailbox>& mailboxes);
/// What has a form of its own and no blanks in it: ids, parted by blanks.
std::string token_field(std::string_view name, std::string_view tokens);
/// In UTC.
std::string date_field(std::int64_t epoch_seconds);

/// "; name=value", on a line of its own; empty without a value.
std::string parameter(std::string_view name, std::string_view value);

/// A quoted-string (RFC 5322 3.2.4) of this text.
std::string quoted_string(std::string_view text);

}  // namespace mailhold::mail
