#pragma once
// Messages made from a seed: nested, with attachments in every layout that mailers write, and with
// their mistakes.

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace mailhold::test {

using Random = std::mt19937_64;

std::uint64_t below(Random& random, std::uint64_t limit);
std::string random_bytes(Random& random, std::size_t size);

struct Layout {
    std::size_t line_chars = 76;  ///< 0: one line
    std::string_view line_end = "\r\n";
};

/// Base64 of `content`, without a final line end.
std::string base64_lines(std::string_view content, const Layout& layout);

/// A leaf with its header; `content` is a file.
std::string base64_part(std::string_view content, const Layout& layout);

/// multipart/mixed of `parts`.
std::string multipart(const std::string& boundary, const std::vector<std::string>& parts,
                      std::string_view line_end);

/// Any tree: containers, embedded messages, small and large leaves, odd encodings, missing ends.
std::string generated_message(Random& random);

}  // namespace mailhold::test
