// The lexical level of IMAP responses.

#include "tokens.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

namespace mailhold::imap {

namespace {

bool is_nil(std::string_view word)
{
    return upper_case(word) == "NIL";
}

}  // namespace

std::string upper_case(std::string_view text)
{
    std::string upper(text);
    for (char& c : upper)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return upper;
}

void Tokens::fail(std::string_view expected) const
{
    throw Error(ErrorKind::malformed, fmt::format("malformed response: no {} at byte {} of {}",
                                                  expected, position_, text_.size()));
}

void Tokens::skip_spaces() noexcept
{
    while (peek() == ' ')
        ++position_;
}

bool Tokens::skip(char c) noexcept
{
    if (at_end() || text_[position_] != c)
        return false;
    ++position_;
    return true;
}

void Tokens::expect(char c)
{
    if (!skip(c))
        fail(std::string_view(&c, 1));
}

void Tokens::expect_end()
{
    if (!at_end())
        fail("end of the line");
}

std::string_view Tokens::word() noexcept
{
    const auto end = std::min(text_.find_first_of(" ()", position_), text_.size());
    const auto found = text_.substr(position_, end - position_);
    position_ = end;
    return found;
}

std::string_view Tokens::until_space() noexcept
{
    const auto end = std::min(text_.find(' ', position_), text_.size());
    const auto found = text_.substr(position_, end - position_);
    position_ = end;
    return found;
}

std::string Tokens::item_name()
{
    const auto end = std::min(text_.find_first_of(" ()[<", position_), text_.size());
    if (end == position_)
        fail("item name");
    std::string name = upper_case(text_.substr(position_, end - position_));
    position_ = end;
    if (skip('[')) {
        const auto close = text_.find(']', position_);
        if (close == text_.npos)
            fail("end of a section");
        const bool whole = close == position_;
        position_ = close + 1;
        name += whole ? "[]" : "[…]";
    }
    if (peek() == '<')
        position_ = std::min(text_.find('>', position_), text_.size() - 1) + 1;
    return name;
}

std::uint64_t Tokens::number()
{
    std::uint64_t value = 0;
    const char* begin = text_.data() + position_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc{})
        fail("number");
    position_ += static_cast<std::size_t>(end - begin);
    return value;
}

std::uint32_t Tokens::number32()
{
    const std::uint64_t value = number();
    if (value > std::numeric_limits<std::uint32_t>::max())
        fail("32-bit number");
    return static_cast<std::uint32_t>(value);
}

bool Tokens::at_literal() const noexcept
{
    if (next_literal_ >= response_.literals.size())
        return false;
    const std::size_t open = position_ + (peek() == '~' ? 1 : 0);
    if (open >= text_.size() || text_[open] != '{')
        return false;
    return text_.find('}', open) + 1 == response_.literals[next_literal_].at;
}

ByteBuffer& Tokens::literal()
{
    auto& found = response_.literals[next_literal_++];
    position_ = found.at;
    return found.bytes;
}

std::string Tokens::quoted()
{
    expect('"');
    std::string value;
    for (;;) {
        const auto stop = text_.find_first_of("\"\\", position_);
        if (stop == text_.npos)
            fail("closing quote");
        value += text_.substr(position_, stop - position_);
        position_ = stop + 1;
        if (text_[stop] == '"')
            return value;
        if (at_end())
            fail("escaped character");
        value += text_[position_++];
    }
}

std::string Tokens::astring()
{
    if (at_literal())
        return std::string(text_of(literal()));
    if (peek() == '"')
        return quoted();
    const auto atom = word();
    if (atom.empty())
        fail("string");
    return std::string(atom);
}

std::optional<std::string> Tokens::nstring()
{
    const bool may_be_nil = peek() == 'N' || peek() == 'n';
    std::string value = astring();
    if (may_be_nil && is_nil(value))
        return {};
    return value;
}

ByteBuffer Tokens::message_bytes()
{
    if (at_literal())
        return std::move(literal());
    const auto value = nstring();
    return value ? copy_of(bytes_of(*value)) : ByteBuffer{};
}

void Tokens::skip_value()
{
    std::size_t depth = 0;
    do {
        skip_spaces();
        if (skip('(')) {
            if (++depth > max_nesting_)
                fail("end to the nesting");
        } else if (depth > 0 && skip(')')) {
            --depth;
        } else {
            astring();
        }
    } while (depth > 0);
}

}  // namespace mailhold::imap
