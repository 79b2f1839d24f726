// The framing of IMAP: lines, and literals announced at their ends.

#include "response_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

namespace mailhold::imap {

namespace {

/// How far ahead of the received bytes a literal's buffer is touched.
constexpr std::uint64_t growth_bytes = mebibyte;

bool starts_with_ignoring_case(std::string_view text, std::string_view upper_case)
{
    return text.size() >= upper_case.size() &&
           std::equal(upper_case.begin(), upper_case.end(), text.begin(), [](char want, char got) {
               return want == (got >= 'a' && got <= 'z' ? static_cast<char>(got - 32) : got);
           });
}

}  // namespace

std::optional<std::uint64_t> announced_literal_bytes(std::string_view line, std::uint64_t limit)
{
    if (!line.ends_with('}'))
        return {};
    line.remove_suffix(1);
    if (line.ends_with('+'))
        line.remove_suffix(1);
    const auto open = line.rfind('{');
    if (open == line.npos || open + 1 == line.size())
        return {};
    const auto digits = line.substr(open + 1);
    if (digits.front() == '-')
        throw Error(ErrorKind::malformed,
                    fmt::format("a literal of {} bytes is announced", digits.substr(0, 20)));
    if (digits.find_first_not_of("0123456789") != digits.npos)
        return {};

    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (error != std::errc{} || size > limit)
        throw Error(ErrorKind::malformed, fmt::format("literal of {} bytes is over the limit of {}",
                                                      digits.substr(0, 20), limit));
    return size;
}

std::size_t ResponseReader::feed(Bytes input)
{
    std::size_t taken = 0;
    while (taken < input.size() && state_ != State::complete) {
        const Bytes rest = input.subspan(taken);
        if (state_ == State::literal) {
            const auto piece = rest.first(std::min<std::uint64_t>(rest.size(), literal_left()));
            ByteBuffer& literal = response_.literals.back().bytes;
            literal.resize(literal_filled_);
            append(literal, piece);
            literal_filled_ += piece.size();
            taken += piece.size();
            end_literal_if_full();
            continue;
        }
        const std::string_view text = text_of(rest);
        const auto line_end = text.find('\n');
        const auto piece = text.substr(0, line_end);
        if (response_.text.size() + piece.size() > limits_.max_line_bytes)
            throw Error(
                ErrorKind::malformed,
                fmt::format("response line is over the limit of {} bytes", limits_.max_line_bytes));
        response_.text += piece;
        taken += piece.size();
        if (line_end != text.npos) {
            ++taken;
            end_of_line();
        }
    }
    return taken;
}

void ResponseReader::end_of_line()
{
    std::string& text = response_.text;
    if (text.size() > line_start_ && text.back() == '\r')
        text.pop_back();
    const std::string_view line = std::string_view(text).substr(line_start_);
    const auto size = is_status_response()
                          ? std::nullopt
                          : announced_literal_bytes(line, limits_.max_literal_bytes);
    if (size)
        begin_literal(*size);
    else
        state_ = State::complete;
}

void ResponseReader::begin_literal(std::uint64_t size)
{
    literals_total_ += size;
    if (literals_total_ > limits_.max_literal_bytes)
        throw Error(ErrorKind::malformed,
                    fmt::format("literals of {} bytes in one response are over the limit of {}",
                                literals_total_, limits_.max_literal_bytes));
    response_.literals.push_back({response_.text.size(), {}});
    response_.literals.back().bytes.reserve(size);
    literal_size_ = size;
    literal_filled_ = 0;
    line_start_ = response_.text.size();
    state_ = State::literal;
    end_literal_if_full();
}

void ResponseReader::end_literal_if_full()
{
    if (literal_filled_ < literal_size_)
        return;
    response_.literals.back().bytes.resize(literal_size_);
    state_ = State::line;
}

/// Status texts are for people and may end in anything; a "{5}" there announces nothing.
bool ResponseReader::is_status_response() const
{
    const std::string_view text = response_.text;
    if (!text.starts_with("* "))
        return true;
    constexpr std::array<std::string_view, 5> status_words{"OK", "NO", "BAD", "BYE", "PREAUTH"};
    return std::any_of(status_words.begin(), status_words.end(), [&](std::string_view word) {
        const auto rest = text.substr(2);
        return starts_with_ignoring_case(rest, word) &&
               (rest.size() == word.size() || rest[word.size()] == ' ');
    });
}

std::uint64_t ResponseReader::literal_left() const noexcept
{
    return state_ == State::literal ? literal_size_ - literal_filled_ : 0;
}

std::span<std::byte> ResponseReader::literal_room()
{
    ByteBuffer& literal = response_.literals.back().bytes;
    if (literal.size() == literal_filled_)
        literal.resize(std::min(literal_size_, literal_filled_ + growth_bytes));
    return std::span(literal).subspan(literal_filled_);
}

void ResponseReader::literal_filled(std::size_t count)
{
    literal_filled_ += count;
    end_literal_if_full();
}

RawResponse ResponseReader::take()
{
    state_ = State::line;
    line_start_ = 0;
    literals_total_ = 0;
    return std::exchange(response_, {});
}

}  // namespace mailhold::imap
