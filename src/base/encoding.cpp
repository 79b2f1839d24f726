// Hex and base64 by tables; attachments and journal lines run through the latter.

#include "mailhold/base/encoding.hpp"

#include <array>

namespace mailhold {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t invalid = 0xff;

constexpr std::array<std::uint8_t, 256> values_of(std::string_view digits)
{
    std::array<std::uint8_t, 256> values{};
    values.fill(invalid);
    for (std::size_t i = 0; i < digits.size(); ++i)
        values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
    return values;
}

/// The two characters of every 12-bit group.
constexpr std::array<char, 8192> make_pairs()
{
    std::array<char, 8192> pairs{};
    for (std::size_t i = 0; i < 4096; ++i) {
        pairs[2 * i] = alphabet[i >> 6];
        pairs[2 * i + 1] = alphabet[i & 63];
    }
    return pairs;
}

constexpr auto hex_values = values_of(hex_digits);
constexpr auto base64_values = values_of(alphabet);
constexpr auto pairs = make_pairs();

std::uint32_t value_of(char c)
{
    return base64_values[static_cast<unsigned char>(c)];
}

/// Decodes the last group of four, which alone may be padded. False unless canonical.
bool decode_last_group(std::string_view group, ByteBuffer& out)
{
    const std::size_t padding = group[3] != '=' ? 0 : group[2] != '=' ? 1 : 2;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4 - padding; ++i) {
        if (value_of(group[i]) == invalid)
            return false;
        bits |= value_of(group[i]) << (18 - 6 * i);
    }
    if (padding > 0 && (bits & ((1U << (8 * padding)) - 1)) != 0)
        return false;  // bits that no encoder writes
    for (std::size_t i = 0; i < 3 - padding; ++i)
        out.push_back(static_cast<std::byte>(bits >> (16 - 8 * i)));
    return true;
}

}  // namespace

std::string to_hex(Bytes bytes)
{
    std::string out(2 * bytes.size(), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto value = std::to_integer<unsigned>(bytes[i]);
        out[2 * i] = hex_digits[value >> 4];
        out[2 * i + 1] = hex_digits[value & 15];
    }
    return out;
}

std::optional<ByteBuffer> from_hex(std::string_view text)
{
    if (text.size() % 2 != 0)
        return std::nullopt;
    ByteBuffer out(text.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::uint8_t high = hex_values[static_cast<unsigned char>(text[2 * i])];
        const std::uint8_t low = hex_values[static_cast<unsigned char>(text[2 * i + 1])];
        if ((high | low) == invalid)
            return std::nullopt;
        out[i] = static_cast<std::byte>(high << 4 | low);
    }
    return out;
}

std::string to_base64(Bytes bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4, '=');
    const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
    char* to = out.data();
    std::size_t at = 0;
    for (; at + 3 <= bytes.size(); at += 3, to += 4) {
        const unsigned first = in[at] << 4 | in[at + 1] >> 4;
        const unsigned second = (in[at + 1] & 15U) << 8 | in[at + 2];
        std::memcpy(to, &pairs[2 * first], 2);
        std::memcpy(to + 2, &pairs[2 * second], 2);
    }
    const std::size_t rest = bytes.size() - at;
    if (rest > 0) {
        const unsigned middle = rest == 2 ? in[at + 1] : 0U;
        std::memcpy(to, &pairs[2 * (in[at] << 4 | middle >> 4)], 2);
        if (rest == 2)
            to[2] = alphabet[(middle & 15U) << 2];
    }
    return out;
}

std::optional<ByteBuffer> from_base64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    ByteBuffer out;
    if (text.empty())
        return out;

    const std::size_t whole = text.size() - 4;
    out.reserve(text.size() / 4 * 3);
    out.resize(whole / 4 * 3);
    std::byte* to = out.data();
    for (std::size_t at = 0; at < whole; at += 4, to += 3) {
        const std::uint32_t a = value_of(text[at]);
        const std::uint32_t b = value_of(text[at + 1]);
        const std::uint32_t c = value_of(text[at + 2]);
        const std::uint32_t d = value_of(text[at + 3]);
        if (((a | b | c | d) & 0x80U) != 0)
            return std::nullopt;
        const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        to[0] = static_cast<std::byte>(bits >> 16);
        to[1] = static_cast<std::byte>(bits >> 8);
        to[2] = static_cast<std::byte>(bits);
    }
    if (!decode_last_group(text.substr(whole), out))
        return std::nullopt;
    return out;
}

}  // namespace mailhold
