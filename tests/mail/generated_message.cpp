// The generator behind the property tests. It builds text by rules that share nothing with the code
// under test.

#include "generated_message.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/encoding.hpp"

namespace mailhold::test {

namespace {

constexpr std::array<std::size_t, 8> line_lengths = {76, 72, 60, 64, 73, 4, 998, 0};

std::string header(std::string_view type, std::string_view encoding, std::string_view line_end)
{
    return fmt::format("Content-Type: {}{}Content-Transfer-Encoding: {}{}{}", type, line_end,
                       encoding, line_end, line_end);
}

/// What mailers get wrong at the end, the start or within of an encoded file.
void spoil(Random& random, std::string& encoded, std::string_view line_end)
{
    const std::size_t at = encoded.empty() ? 0 : below(random, encoded.size());
    switch (below(random, 12)) {
    case 0:
        encoded += line_end;
        break;
    case 1:
        encoded += fmt::format("{}{}", line_end, line_end);
        break;
    case 2:
        encoded.insert(0, line_end);
        break;
    case 3:
        encoded.insert(at, "=");
        break;
    case 4:
        encoded.insert(at, "\n");
        break;
    case 5:
        encoded += "==";
        break;
    case 6:
        encoded += "  \t";
        break;
    case 7:
        encoded.insert(at, std::string_view("\0", 1));
        break;
    case 8:
        encoded.insert(at, "\r");
        break;
    default:
        break;
    }
}

std::string text_leaf(Random& random, std::size_t size, std::string_view line_end)
{
    std::string out = header("text/plain; charset=gb2312", "8bit", line_end);
    while (size > out.size())
        out += random_bytes(random, 1 + below(random, 70)) + std::string(line_end);
    return out;
}

std::string leaf(Random& random)
{
    const std::string_view line_end = below(random, 2) == 0 ? "\r\n" : "\n";
    const std::size_t size =
        below(random, 3) == 0 ? below(random, 300) : 20'000 + below(random, 60'000);
    if (below(random, 3) == 0)
        return text_leaf(random, size, line_end);
    std::string encoded = base64_lines(
        random_bytes(random, size), {line_lengths[below(random, line_lengths.size())], line_end});
    spoil(random, encoded, line_end);
    return header("application/pdf; name=\"a b.pdf\"", "base64", line_end) + encoded;
}

std::string entity(Random& random, int depth)
{
    const auto choice = below(random, depth > 4 ? 2 : 5);
    if (choice < 2)
        return leaf(random);
    const std::string_view line_end = below(random, 2) == 0 ? "\r\n" : "\n";
    if (choice == 2)
        return fmt::format("Content-Type: message/rfc822{}{}Subject: inner{}", line_end, line_end,
                           line_end) +
               entity(random, depth + 1);
    std::vector<std::string> parts(below(random, 4));
    std::ranges::generate(parts, [&] { return entity(random, depth + 1); });
    std::string out = multipart(fmt::format("b{}", below(random, 8)), parts, line_end);
    if (below(random, 4) == 0)
        out.resize(out.size() - std::min<std::size_t>(out.size(), below(random, 12)));
    return out;
}

}  // namespace

std::uint64_t below(Random& random, std::uint64_t limit)
{
    return random() % limit;
}

std::string random_bytes(Random& random, std::size_t size)
{
    std::string out(size, '\0');
    std::ranges::generate(out, [&] { return static_cast<char>(random()); });
    return out;
}

std::string base64_lines(std::string_view content, const Layout& layout)
{
    const std::string chars = to_base64(bytes_of(content));
    const std::size_t width = layout.line_chars == 0 ? chars.size() : layout.line_chars;
    std::string out;
    for (std::size_t at = 0; at < chars.size(); at += width) {
        if (at > 0)
            out += layout.line_end;
        out.append(chars, at, width);
    }
    return out;
}

std::string base64_part(std::string_view content, const Layout& layout)
{
    return header("application/octet-stream", "base64", layout.line_end) +
           base64_lines(content, layout);
}

std::string multipart(const std::string& boundary, const std::vector<std::string>& parts,
                      std::string_view line_end)
{
    std::string out = fmt::format("Content-Type: multipart/mixed; boundary=\"{}\"{}{}preamble{}",
                                  boundary, line_end, line_end, line_end);
    for (const std::string& part : parts)
        out += fmt::format("--{}{}{}{}", boundary, line_end, part, line_end);
    return out + fmt::format("--{}--{}", boundary, line_end);
}

std::string generated_message(Random& random)
{
    return "From: a@example.com\r\nSubject: generated\r\n" + entity(random, 0);
}

}  // namespace mailhold::test
