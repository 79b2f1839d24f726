// Lines are compared by their words; Chinese characters count as words of their own, because the
// plain text breaks its lines anywhere.

#include "searchable_text.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr std::uint64_t fnv_offset = 0xcbf29ce484222325;
constexpr std::uint64_t fnv_prime = 0x100000001b3;

enum class Role { separator, letter, ideograph };

Role role_of(char32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                   ? Role::letter
                   : Role::separator;
    if (c < 0xc0 || (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) || c == 0xfffd ||
        c == 0xfeff)
        return Role::separator;
    return c < 0x2e80 ? Role::letter : Role::ideograph;
}

/// Hands each word's hash to `sink`, which returns false to stop; returns whether none did. Hashes
/// of 64 bits: two words of one message that share theirs are no practical matter.
template <class Sink>
bool for_each_word(std::string_view text, Sink sink)
{
    std::uint64_t hash = fnv_offset;
    const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * fnv_prime; };
    const auto end_word = [&] {
        const bool goes_on = hash == fnv_offset || sink(hash);
        hash = fnv_offset;
        return goes_on;
    };
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Step step = utf8_step(text, at);
        at += step.bytes;
        const Role role = role_of(step.character);
        if (role == Role::letter) {
            mix(step.character >= 'A' && step.character <= 'Z' ? step.character | 0x20U
                                                               : step.character);
            continue;
        }
        if (!end_word())
            return false;
        if (role == Role::ideograph) {
            mix(step.character);
            if (!end_word())
                return false;
        }
    }
    return end_word();
}

struct Words {
    std::unordered_set<std::uint64_t> distinct;
    std::size_t count = 0;
};

Words words_of(std::string_view text)
{
    Words words;
    words.distinct.reserve(text.size() / 8);
    for_each_word(text, [&](std::uint64_t word) {
        words.distinct.insert(word);
        ++words.count;
        return true;
    });
    return words;
}

std::string_view take_line(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    const std::size_t bytes = end == std::string_view::npos ? text.size() : end + 1;
    const std::string_view line = text.substr(0, bytes);
    text.remove_prefix(bytes);
    return line;
}

/// Lines of `text` that have a word `known` lacks.
std::string lines_with_news(std::string_view text, const Words& known)
{
    std::string out;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        const bool is_known =
            for_each_word(line, [&](std::uint64_t word) { return known.distinct.contains(word); });
        if (!is_known)
            out += line;
    }
    return out;
}

std::string joined(std::string first, std::string_view second)
{
    if (first.empty())
        return std::string(second);
    if (!second.empty())
        (first += first.ends_with('\n') ? "" : "\n") += second;
    return first;
}

std::string_view trimmed(std::string_view line)
{
    const std::size_t begin = line.find_first_not_of("> \t");
    if (begin == std::string_view::npos)
        return {};
    return line.substr(begin, line.find_last_not_of(" \t\n") + 1 - begin);
}

bool is_octal(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '7'; });
}

/// The line that ends the block that `line` begins; empty when it begins none. "PGP SIGNED MESSAGE"
/// is followed by readable text.
std::string end_of_block(std::string_view line)
{
    constexpr std::string_view begin = "-----BEGIN ";
    if (line.starts_with(begin) && line.ends_with("-----") && line.size() <= 80 &&
        line.find("SIGNED MESSAGE") == std::string_view::npos)
        return "-----END " + std::string(line.substr(begin.size()));
    if (line.starts_with("begin ") && line.size() > 10 && line[9] == ' ' &&
        is_octal(line.substr(6, 3)))
        return "end";
    return {};
}

/// Where the block that `ending` ends is over, seen from the start of `rest`; npos: never.
std::size_t block_bytes(std::string_view rest, std::string_view ending)
{
    const std::string_view whole = rest;
    while (!rest.empty())
        if (trimmed(take_line(rest)) == ending)
            return whole.size() - rest.size();
    return std::string_view::npos;
}

}  // namespace

std::string without_armour(std::string text)
{
    if (text.find("-----BEGIN ") == std::string::npos && text.find("begin ") == std::string::npos)
        return text;
    std::string out;
    bool all_end = true;  // a block without an end is kept, and nobody looks for ends again
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = take_line(rest);
        const std::string ending = all_end ? end_of_block(trimmed(line)) : std::string();
        const std::size_t bytes = ending.empty() ? 0 : block_bytes(rest, ending);
        all_end = all_end && bytes != std::string_view::npos;
        if (ending.empty() || !all_end)
            out += line;
        else
            rest.remove_prefix(bytes);
    }
    return out;
}

std::string merged(const Alternatives& alternatives)
{
    if (alternatives.rich.empty())
        return alternatives.plain;
    const Words plain = words_of(alternatives.plain);
    if (plain.count == 0)
        return alternatives.rich;
    const std::string news = lines_with_news(alternatives.rich, plain);
    const bool says_far_more = words_of(news).count > 4 * plain.count;
    return says_far_more ? joined(news, alternatives.plain) : joined(alternatives.plain, news);
}

}  // namespace mailhold::mail
