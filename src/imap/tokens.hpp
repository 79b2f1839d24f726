#pragma once
// Reads the tokens of one response: atoms, strings, numbers, lists (RFC 3501 section 9).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/ascii.hpp"

#include "response_reader.hpp"

namespace mailhold::imap {

/// A position in `response`, which it borrows and takes literals out of. Every reader throws
/// malformed when something else stands there; lenient where servers are known to be sloppy.
class Tokens {
public:
    Tokens(RawResponse& response, std::size_t max_nesting)
        : response_(response), text_(response.text), max_nesting_(max_nesting)
    {
    }

    bool at_end() const noexcept { return position_ >= text_.size(); }
    /// The next character; NUL at the end.
    char peek() const noexcept { return at_end() ? '\0' : text_[position_]; }
    /// What has not been read, without its literals.
    std::string_view rest() const noexcept { return text_.substr(position_); }

    void skip_spaces() noexcept;
    /// Skips `c` if it comes next.
    bool skip(char c) noexcept;
    void expect(char c);
    void expect_end();

    /// Up to a space, parenthesis or the end; may be empty.
    std::string_view word() noexcept;
    /// Up to a space or the end; may be empty.
    std::string_view until_space() noexcept;
    /// Upper-cased word, with a "[section]" and "<origin>" behind it left out.
    std::string item_name();

    std::uint64_t number();
    std::uint32_t number32();

    /// Atom, quoted string or literal.
    std::string astring();
    /// String or literal; nullopt for NIL. An atom is taken as a string.
    std::optional<std::string> nstring();
    /// Like nstring for message data: a literal is moved out; NIL is empty.
    ByteBuffer message_bytes();

    /// Any value: atom, string, literal or list with whatever is in it.
    void skip_value();

private:
    [[noreturn]] void fail(std::string_view expected) const;
    bool at_literal() const noexcept;
    ByteBuffer& literal();
    std::string quoted();

    RawResponse& response_;
    std::string_view text_;
    std::size_t max_nesting_;
    std::size_t position_ = 0;
    std::size_t next_literal_ = 0;
};

std::string upper_case(std::string_view text);

}  // namespace mailhold::imap
