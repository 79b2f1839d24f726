// Detaching and joining: whatever the message, joining gives its bytes again; whatever the parts,
// joining gives a message or says that they do not fit.
//
// Only large parts are detached, and inputs are small: in an input, byte 1 stands for many lines of
// base64, byte 2 for the same with CRLF, byte 3 for one long line of text.

#include "mail/support_detach.hpp"
#include "part_encoding.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

constexpr std::size_t many_lines = 450;  // of 76 characters: over mail::min_detached_bytes
constexpr std::size_t max_message_bytes = 512 * kibibyte;

std::string lines(std::string_view end)
{
    std::string out;
    for (std::size_t i = 0; i < many_lines; ++i)
        out += std::string(76, static_cast<char>('A' + i % 26)) + std::string(end);
    return out;
}

std::string expanded(std::string_view input)
{
    static const std::string lf = lines("\n");
    static const std::string crlf = lines("\r\n");
    static const std::string text(mail::min_detached_bytes, 'x');
    std::string out;
    for (const char c : input) {
        if (c >= '\1' && c <= '\3' && out.size() < max_message_bytes)
            out += c == '\1' ? lf : c == '\2' ? crlf : text;
        else
            out += c;
    }
    return out;
}

void try_message(const std::string& raw)
{
    const auto detached = mail::detach(bytes_of(raw));
    if (!detached)
        return;
    require(!detached->parts.empty() && detached->parts.size() <= mail::max_detached_parts,
            "something is detached, and not too much");
    require(test::joins_back(*detached, raw), "joining gives the message");
    const auto parts = test::parts_of(*detached);
    require(!mail::joins_to(detached->skeleton, parts, bytes_of(raw + "x")),
            "a longer message is not taken for it");
    for (const mail::DetachedPart& part : detached->parts)
        require(mail::PartEncoding::parse(part.encoding).has_value(), "an encoding can be read");
}

void try_decoding(std::string_view raw)
{
    const auto decoded = mail::decode_exactly(raw);
    if (!decoded)
        return;
    std::string again;
    mail::for_each_raw_piece(decoded->encoding, decoded->stored, [&](Bytes piece) {
        again += text_of(piece);
        return true;
    });
    require(again == raw, "base64 encodes to what it was decoded from");
    require(decoded->encoding.raw_bytes(decoded->stored.size()) == raw.size(),
            "its length is known before");
}

/// A skeleton and parts of the input's choice: "encoding offset stored" lines, then the skeleton.
void try_parts(Pieces pieces)
{
    constexpr std::uint64_t limit_bytes = 64 * kibibyte;
    std::vector<mail::JoinPart> parts;
    for (unsigned left = pieces.byte() % 8; left > 0; --left) {
        const std::string encoding(pieces.until(' '));
        const std::uint64_t offset = pieces.byte();
        parts.push_back({offset, encoding, pieces.take(pieces.byte())});
    }
    const Bytes skeleton = pieces.rest();
    const auto joined = accepted([&] { return mail::join(skeleton, parts, limit_bytes); });
    require(!joined || joined->size() <= limit_bytes, "no message is over the limit");
    require(!joined || mail::joins_to(skeleton, parts, *joined), "both ways to join agree");
}

}  // namespace

void try_one(Bytes input)
{
    const std::string raw = expanded(text_of(input));
    try_message(raw);
    try_decoding(text_of(input));
    try_parts(Pieces(input));
}

}  // namespace mailhold::fuzz
