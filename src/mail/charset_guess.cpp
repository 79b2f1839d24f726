// Counts: pairs of a high byte and what follows it (Chinese, Japanese), words all of high bytes
// (Cyrillic), high bytes among letters (western languages).

#include "charset_guess.hpp"

#include <cstddef>

namespace mailhold::mail {

namespace {

constexpr std::size_t least_cyrillic = 8;  ///< bytes; "åäö" is Swedish

bool is_high(unsigned char c)
{
    return c >= 0x80;
}
bool is_ascii_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Counts {
    // Bytes read two by two from each high byte on.
    std::size_t pairs = 0;
    std::size_t low_seconds = 0;     ///< 0x40..0x7e, as two of five in Big5
    std::size_t kana = 0;            ///< 0x82, 0x83: Shift-JIS
    std::size_t behind_letters = 0;  ///< an accented letter within a word
    // Runs of high bytes.
    std::size_t even_runs = 0;  ///< bytes in runs of even length, as all are in GB
    std::size_t odd_runs = 0;
    std::size_t long_runs = 0;  ///< bytes in runs of three or more
    // Letters of Windows-1251 and KOI8-R; small ones are the many.
    std::size_t upper_half = 0;  ///< 0xe0..0xff
    std::size_t lower_half = 0;  ///< 0xc0..0xdf
};

void count_pairs(std::string_view bytes, Counts& counts)
{
    bool is_behind_letter = false;  // one that is not itself the second of a pair
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        if (!is_high(first)) {
            is_behind_letter = is_ascii_letter(first);
            continue;
        }
        counts.behind_letters += is_behind_letter;
        is_behind_letter = false;
        ++counts.pairs;
        counts.kana += first == 0x82 || first == 0x83;
        if (++at < bytes.size())
            counts.low_seconds += bytes[at] >= 0x40 && bytes[at] <= 0x7e;
    }
}

void count_runs(std::string_view bytes, Counts& counts)
{
    std::size_t run = 0;
    const auto end_run = [&] {
        (run % 2 == 0 ? counts.even_runs : counts.odd_runs) += run;
        counts.long_runs += run >= 3 ? run : 0;
        run = 0;
    };
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (!is_high(byte)) {
            end_run();
            continue;
        }
        ++run;
        counts.upper_half += byte >= 0xe0;
        counts.lower_half += byte >= 0xc0 && byte < 0xe0;
    }
    end_run();
}

}  // namespace

std::string_view guessed_charset(std::string_view bytes)
{
    Counts counts;
    count_pairs(bytes, counts);
    count_runs(bytes, counts);
    const std::size_t high = counts.even_runs + counts.odd_runs;
    const bool is_western = counts.behind_letters * 4 > counts.pairs;
    if (!is_western && counts.kana >= 2 && counts.kana * 3 >= counts.pairs)
        return "CP932";
    if (counts.even_runs > 4 * counts.odd_runs)
        return "GB18030";
    if (is_western)
        return "CP1252";
    if (counts.pairs >= 4 && counts.low_seconds * 10 >= counts.pairs &&
        counts.low_seconds * 10 <= counts.pairs * 8)
        return "BIG5";
    if (counts.long_runs >= least_cyrillic && counts.long_runs * 2 > high &&
        (counts.upper_half + counts.lower_half) * 10 >= high * 9)
        return counts.upper_half > counts.lower_half ? "CP1251" : "KOI8-R";
    return "CP1252";
}

}  // namespace mailhold::mail
