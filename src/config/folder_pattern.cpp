// Patterns over folder names.

#include "mailhold/config/config.hpp"

#include <algorithm>

namespace mailhold::config {

namespace {

/// Bytes of the character at the start of `text`, so that '?' stands for a whole one.
std::size_t character_bytes(std::string_view text)
{
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80)
        ++bytes;
    return bytes;
}

}  // namespace

bool matches_folder(std::string_view pattern, std::string_view folder)
{
    // On a mismatch only the last '*' takes one character more: earlier ones cannot do better, so
    // the time is bounded by the product of the lengths.
    std::string_view after_star;
    std::string_view retry;
    bool starred = false;
    while (!folder.empty()) {
        if (pattern.starts_with('*')) {
            starred = true;
            pattern.remove_prefix(1);
            after_star = pattern;
            retry = folder;
        } else if (pattern.starts_with('?')) {
            pattern.remove_prefix(1);
            folder.remove_prefix(character_bytes(folder));
        } else if (!pattern.empty() && pattern.front() == folder.front()) {
            pattern.remove_prefix(1);
            folder.remove_prefix(1);
        } else if (starred) {
            retry.remove_prefix(character_bytes(retry));
            folder = retry;
            pattern = after_star;
        } else {
            return false;
        }
    }
    return std::all_of(pattern.begin(), pattern.end(), [](char c) { return c == '*'; });
}

}  // namespace mailhold::config
