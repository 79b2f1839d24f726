// Base64 of attachments, line layout included, both ways and exactly.

#include "part_encoding.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t piece_chars =
    48 * kibibyte;  ///< of base64 decoded at a time; a multiple of 4
constexpr std::size_t piece_stored = 96 * kibibyte;  ///< bytes encoded at a time; a multiple of 3
constexpr std::uint64_t max_line_chars = 1ULL << 31;

std::string_view line_end(const PartEncoding& encoding)
{
    return encoding.is_crlf ? "\r\n" : "\n";
}

/// Collects characters from lines and decodes them by the piece.
class Decoder {
public:
    explicit Decoder(std::size_t expected_chars) { stored_.reserve(expected_chars / 4 * 3); }

    bool feed(std::string_view chars)
    {
        while (!chars.empty()) {
            const std::size_t room = piece_chars - pending_.size();
            pending_.append(chars.substr(0, room));
            chars.remove_prefix(std::min(room, chars.size()));
            if (pending_.size() == piece_chars && !decode())
                return false;
        }
        return true;
    }

    bool decode()
    {
        const auto bytes = from_base64(pending_);
        if (!bytes)
            return false;
        append(stored_, *bytes);
        pending_.clear();
        return true;
    }

    ByteBuffer take() { return std::move(stored_); }

private:
    std::string pending_;
    ByteBuffer stored_;
};

/// The layout that the first line shows.
std::optional<PartEncoding> layout_of(std::string_view raw)
{
    PartEncoding encoding{.is_base64 = true};
    const std::size_t end = raw.find('\n');
    if (end == std::string_view::npos)
        return encoding;
    encoding.is_crlf = end > 0 && raw[end - 1] == '\r';
    encoding.line_chars = end - (encoding.is_crlf ? 1 : 0);
    if (encoding.line_chars == 0)
        return std::nullopt;
    return encoding;
}

bool feed_lines(const PartEncoding& encoding, std::string_view raw, Decoder& decoder)
{
    const std::string_view end = line_end(encoding);
    while (encoding.line_chars > 0 && raw.size() > encoding.line_chars) {
        if (!decoder.feed(raw.substr(0, encoding.line_chars)))
            return false;
        raw.remove_prefix(encoding.line_chars);
        if (!raw.starts_with(end))
            return false;
        raw.remove_prefix(end.size());
    }
    return decoder.feed(raw) && decoder.decode();
}

/// Breaks characters into lines, going on where the last piece ended.
class LineBreaker {
public:
    explicit LineBreaker(const PartEncoding& encoding) : encoding_(encoding) {}

    std::string_view broken(std::string_view chars)
    {
        if (encoding_.line_chars == 0)
            return chars;
        const std::string_view end = line_end(encoding_);
        out_.clear();
        while (!chars.empty()) {
            if (column_ == encoding_.line_chars) {
                out_ += end;
                column_ = 0;
            }
            const auto room = static_cast<std::size_t>(encoding_.line_chars - column_);
            const std::string_view part = chars.substr(0, room);
            out_ += part;
            column_ += part.size();
            chars.remove_prefix(part.size());
        }
        return out_;
    }

private:
    PartEncoding encoding_;
    std::uint64_t column_ = 0;
    std::string out_;
};

bool encodes_to(const PartEncoding& encoding, Bytes stored, std::string_view raw)
{
    const bool same = for_each_raw_piece(encoding, stored, [&](Bytes piece) {
        if (!raw.starts_with(text_of(piece)))
            return false;
        raw.remove_prefix(piece.size());
        return true;
    });
    return same && raw.empty();
}

}  // namespace

std::string PartEncoding::text() const
{
    if (!is_base64)
        return "8";
    return fmt::format("b64/{}/{}/{}", line_chars, is_crlf ? "crlf" : "lf",
                       has_final_line_end ? 1 : 0);
}

std::optional<PartEncoding> PartEncoding::parse(std::string_view text)
{
    PartEncoding encoding;
    if (text == "8")
        return encoding;
    if (!text.starts_with("b64/"))
        return std::nullopt;
    encoding.is_base64 = true;
    const char* const begin = text.data() + 4;
    const auto [end, problem] =
        std::from_chars(begin, text.data() + text.size(), encoding.line_chars);
    if (problem != std::errc() || encoding.line_chars > max_line_chars)
        return std::nullopt;
    const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
    encoding.is_crlf = rest.starts_with("/crlf/");
    encoding.has_final_line_end = rest.ends_with("/1");
    if (encoding.text() != text)  // one way to write each: no leading zeros, nothing behind
        return std::nullopt;
    return encoding;
}

std::uint64_t PartEncoding::raw_bytes(std::uint64_t stored_bytes) const
{
    if (!is_base64)
        return stored_bytes;
    const std::uint64_t chars = (stored_bytes + 2) / 3 * 4;
    std::uint64_t ends = has_final_line_end ? 1 : 0;
    if (line_chars > 0 && chars > 0)
        ends += (chars - 1) / line_chars;
    return chars + ends * line_end(*this).size();
}

bool for_each_raw_piece(const PartEncoding& encoding, Bytes stored,
                        const std::function<bool(Bytes)>& sink)
{
    if (!encoding.is_base64)
        return sink(stored);
    LineBreaker breaker(encoding);
    while (!stored.empty()) {
        const Bytes piece = stored.first(std::min(piece_stored, stored.size()));
        stored = stored.subspan(piece.size());
        const std::string chars = to_base64(piece);
        if (!sink(bytes_of(breaker.broken(chars))))
            return false;
    }
    return !encoding.has_final_line_end || sink(bytes_of(line_end(encoding)));
}

std::optional<DecodedPart> decode_exactly(std::string_view raw)
{
    const auto encoding = layout_of(raw);
    if (!encoding)
        return std::nullopt;
    Decoder decoder(raw.size());
    if (!feed_lines(*encoding, raw, decoder))
        return std::nullopt;
    DecodedPart part{*encoding, decoder.take()};
    // Padding within the text decodes, yet never comes back from encoding.
    if (!encodes_to(part.encoding, part.stored, raw))
        return std::nullopt;
    return part;
}

}  // namespace mailhold::mail
