#pragma once
// One command as bytes to send, names quoted so that they can never become commands themselves.

#include <string>
#include <string_view>
#include <vector>

namespace mailhold::imap {

class Command {
public:
    /// `text` is ours and goes out verbatim: verb and arguments without CRLF.
    explicit Command(std::string_view text) : parts_{std::string(text)} {}

    Command& text(std::string_view verbatim);
    /// A space and `value` as a quoted string, or as a literal when quotes cannot hold it.
    /// Throws refused for NUL, which IMAP cannot carry.
    Command& string(std::string_view value);

    /// Between two parts the server must agree ("+").
    const std::vector<std::string>& parts() const noexcept { return parts_; }
    bool is_one_line() const noexcept { return parts_.size() == 1; }
    /// First words, for error messages: "EXAMINE", "UID FETCH".
    std::string verb() const;

private:
    std::vector<std::string> parts_;
};

}  // namespace mailhold::imap
