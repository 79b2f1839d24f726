// RFC 4648 base32 for what people copy from paper: the recovery key.

#include <sodium.h>

#include "mailhold/crypto/crypto.hpp"

namespace mailhold::crypto {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view skipped = " -\t\r\n";

/// The digit that a person meant; nullopt for none.
std::optional<unsigned> digit_of(char letter)
{
    if (letter >= 'a' && letter <= 'z')
        letter = static_cast<char>(letter - 'a' + 'A');
    if (letter == '0')
        letter = 'O';
    else if (letter == '1')
        letter = 'I';
    else if (letter == '8')
        letter = 'B';
    const std::size_t digit = alphabet.find(letter);
    if (digit == std::string_view::npos)
        return std::nullopt;
    return static_cast<unsigned>(digit);
}

std::size_t count_letters(std::string_view text)
{
    std::size_t letters = 0;
    for (const char letter : text)
        letters += skipped.find(letter) == std::string_view::npos ? 1 : 0;
    return letters;
}

}  // namespace

std::string to_base32(Bytes bytes)
{
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);
    unsigned pending = 0;
    unsigned pending_bits = 0;
    for (const std::byte byte : bytes) {
        pending = (pending << 8) | std::to_integer<unsigned>(byte);
        pending_bits += 8;
        while (pending_bits >= 5) {
            pending_bits -= 5;
            text.push_back(alphabet[(pending >> pending_bits) & 31]);
        }
        pending &= (1U << pending_bits) - 1;
    }
    if (pending_bits > 0)
        text.push_back(alphabet[(pending << (5 - pending_bits)) & 31]);
    return text;
}

std::optional<SecretBytes> from_base32(std::string_view text)
{
    const std::size_t letters = count_letters(text);
    const std::size_t size = letters * 5 / 8;
    if ((size * 8 + 4) / 5 != letters)
        return std::nullopt;  // 1, 3 or 6 letters too many are no encoding of whole bytes
    SecretBytes bytes(size);
    std::size_t filled = 0;
    unsigned pending = 0;
    unsigned pending_bits = 0;
    for (const char letter : text) {
        if (skipped.find(letter) != std::string_view::npos)
            continue;
        const std::optional<unsigned> digit = digit_of(letter);
        if (!digit)
            return std::nullopt;
        pending = (pending << 5) | *digit;
        pending_bits += 5;
        if (pending_bits >= 8) {
            pending_bits -= 8;
            bytes.writable()[filled++] = static_cast<std::byte>(pending >> pending_bits);
            pending &= (1U << pending_bits) - 1;
        }
    }
    if (pending != 0)
        return std::nullopt;  // bits that no byte has
    return bytes;
}

}  // namespace mailhold::crypto
