// Neighbouring encoded words of one charset are decoded together: Chinese mailers cut characters in
// two.

#include "header_text.hpp"

#include <algorithm>
#include <optional>

#include "charset.hpp"
#include "gmime_seam.hpp"
#include "mailhold/base/encoding.hpp"

namespace mailhold::mail {

namespace {

struct EncodedWord {
    std::string_view charset;
    bool is_base64 = false;
    std::string_view text;
    std::size_t bytes = 0;  ///< of the whole word in the value
};

/// The encoded word that `value` begins with. Blanks in its text are tolerated: mailers write them.
std::optional<EncodedWord> leading_word(std::string_view value)
{
    if (!value.starts_with("=?"))
        return std::nullopt;
    const std::size_t charset_end = value.find('?', 2);
    if (charset_end == std::string_view::npos || charset_end == 2 ||
        charset_end + 2 >= value.size() || value[charset_end + 2] != '?')
        return std::nullopt;
    const char kind = value[charset_end + 1];
    if (std::string_view("bBqQ").find(kind) == std::string_view::npos)
        return std::nullopt;
    const std::size_t end = value.find("?=", charset_end + 3);
    if (end == std::string_view::npos)
        return std::nullopt;
    return EncodedWord{value.substr(2, charset_end - 2), kind == 'b' || kind == 'B',
                       value.substr(charset_end + 3, end - charset_end - 3), end + 2};
}

std::string decoded_bytes(const EncodedWord& word)
{
    std::string text(word.text);
    if (!word.is_base64) {
        std::string quoted;
        for (const char c : text)
            quoted += c == '_' ? std::string("=20") : std::string(1, c);
        text = std::move(quoted);
    }
    std::string out;
    decode_transfer(text, word.is_base64 ? "base64" : "quoted-printable", [&](Bytes piece) {
        out += text_of(piece);
        return true;
    });
    return out;
}

std::size_t blanks_at_start(std::string_view text)
{
    return std::min(text.find_first_not_of(" \t\r\n"), text.size());
}

/// A value as runs of plain text and of encoded words.
class Pieces {
public:
    explicit Pieces(std::string_view value) : rest_(value) {}

    struct Piece {
        std::string bytes;
        std::string_view charset;
        bool is_encoded = false;
    };

    std::optional<Piece> next()
    {
        if (rest_.empty())
            return std::nullopt;
        if (const auto word = leading_word(rest_))
            return run_of(*word);
        std::size_t end = rest_.find("=?", 1);
        while (end != std::string_view::npos && !leading_word(rest_.substr(end)))
            end = rest_.find("=?", end + 1);
        end = std::min(end, rest_.size());
        Piece piece{std::string(rest_.substr(0, end)), {}, false};
        rest_.remove_prefix(end);
        return piece;
    }

private:
    /// `first` and all that follow it in the same charset, with nothing but blanks between, which
    /// do not count.
    Piece run_of(const EncodedWord& first)
    {
        Piece piece{decoded_bytes(first), first.charset, true};
        rest_.remove_prefix(first.bytes);
        for (;;) {
            const std::size_t blanks = blanks_at_start(rest_);
            const auto word = leading_word(rest_.substr(blanks));
            if (!word)
                return piece;
            rest_.remove_prefix(blanks);
            if (word->charset != piece.charset)
                return piece;
            piece.bytes += decoded_bytes(*word);
            rest_.remove_prefix(word->bytes);
        }
    }

    std::string_view rest_;
};

}  // namespace

std::string decode_text(std::string_view value, std::string_view charset)
{
    std::string out;
    Pieces pieces(value);
    while (const auto piece = pieces.next())
        out += to_utf8(piece->bytes, piece->is_encoded ? piece->charset : charset);
    return single_line(out);
}

std::string in_utf8(std::string_view value, std::string_view charset)
{
    std::string out;
    Pieces pieces(value);
    while (const auto piece = pieces.next()) {
        if (!piece->is_encoded)
            out += to_utf8(piece->bytes, charset);
        else
            out += "=?utf-8?B?" + to_base64(bytes_of(to_utf8(piece->bytes, piece->charset))) + "?=";
    }
    return out;
}

}  // namespace mailhold::mail
