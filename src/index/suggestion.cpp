// Words near a misspelt one: one change of a letter, two in longer words; the nearest, of these the
// most frequent.

#include "suggestion.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "mailhold/index/terms.hpp"

namespace mailhold::index {

namespace {

constexpr std::size_t shortest_word = 4;
constexpr std::size_t long_word = 6;  // from here on two changes
constexpr std::size_t max_looked_at = 30'000;
constexpr Xapian::doccount min_frequency = 2;  // else it may be another's mistake

using Letters = std::vector<std::string_view>;

bool is_inside_character(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
}

Letters letters_of(std::string_view word)
{
    Letters letters;
    for (std::size_t begin = 0, end = 1; begin < word.size(); begin = end++) {
        while (end < word.size() && is_inside_character(word[end]))
            ++end;
        letters.push_back(word.substr(begin, end - begin));
    }
    return letters;
}

/// Lower-case ASCII or other alphabets; no digit, mark or ideograph (three bytes or more).
bool is_letter(std::string_view letter)
{
    return letter.size() == 2 || (letter.size() == 1 && letter[0] >= 'a' && letter[0] <= 'z');
}

bool is_word(const Letters& letters)
{
    return letters.size() >= shortest_word &&
           std::all_of(letters.begin(), letters.end(), is_letter);
}

/// Letters added, left out, changed, or exchanged with their neighbours, to get from one to the
/// other; `limit` + 1 when there are more.
std::size_t distance(const Letters& a, const Letters& b, std::size_t limit)
{
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit)
        return limit + 1;
    std::array<std::vector<std::size_t>, 3> rows;  // the one before the last, the last, this one
    rows.fill(std::vector<std::size_t>(b.size() + 1));
    for (std::size_t j = 0; j <= b.size(); ++j)
        rows[2][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::rotate(rows.begin(), rows.begin() + 1, rows.end());
        rows[2][0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
            std::size_t best =
                std::min({rows[1][j] + 1, rows[2][j - 1] + 1, rows[1][j - 1] + changed});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = std::min(best, rows[0][j - 2] + 1);
            rows[2][j] = best;
        }
    }
    return std::min(rows[2][b.size()], limit + 1);
}

class Search {
public:
    Search(Letters wanted, const Xapian::Database& database)
        : wanted_(std::move(wanted)), limit_(wanted_.size() < long_word ? 1 : 2),
          database_(database)
    {
    }

    void look_at(const std::string& beginning)
    {
        const Xapian::TermIterator end = database_.allterms_end(beginning);
        std::size_t looked_at = 0;
        for (Xapian::TermIterator term = database_.allterms_begin(beginning);
             term != end && looked_at < max_looked_at; ++term, ++looked_at) {
            const std::string text = *term;
            const Letters letters = letters_of(text);
            if (is_word(letters))
                compare(text, letters, term.get_termfreq());
        }
    }

    std::optional<std::string> best() const
    {
        return best_.empty() ? std::nullopt : std::optional(best_);
    }

private:
    void compare(const std::string& text, const Letters& letters, Xapian::doccount frequency)
    {
        const std::size_t away = distance(wanted_, letters, limit_);
        if (away == 0 || away > limit_ || frequency < min_frequency)
            return;
        if (best_.empty() || away < best_distance_ ||
            (away == best_distance_ && frequency > best_frequency_)) {
            best_ = text;
            best_distance_ = away;
            best_frequency_ = frequency;
        }
    }

    Letters wanted_;
    std::size_t limit_;
    const Xapian::Database& database_;
    std::string best_;
    std::size_t best_distance_ = 0;
    Xapian::doccount best_frequency_ = 0;
};

}  // namespace

std::optional<std::string> suggestion_for(const std::string& word, const Xapian::Database& database)
{
    const std::vector<Word> words = words_of(word);
    if (words.size() != 1)
        return std::nullopt;
    const Letters letters = letters_of(words.front().term);
    if (!is_word(letters))
        return std::nullopt;
    Search search(letters, database);
    search.look_at(std::string(letters[0]).append(letters[1]));
    if (letters[0] != letters[1])
        search.look_at(std::string(letters[1]).append(letters[0]));
    return search.best();
}

}  // namespace mailhold::index
