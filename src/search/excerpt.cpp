// Finds the window with most of the words in it, and cleans it for one line.

#include "mailhold/search/excerpt.hpp"

#include <algorithm>

#include "characters.hpp"

namespace mailhold::search {

namespace {

constexpr std::size_t max_hits = 500;
constexpr std::size_t max_cut_word = 20;
/// Share of the window that stands before its first hit.
constexpr std::size_t lead_divisor = 3;

struct TextHit {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t word = 0;  ///< which of those sought
};

bool belongs_to(Part part, const std::optional<index::Field>& field)
{
    if (!field)
        return true;
    switch (part) {
    case Part::body:
        return *field == index::Field::body;
    case Part::subject:
        return *field == index::Field::subject;
    case Part::from:
        return *field == index::Field::from;
    }
    return false;
}

std::vector<TextHit> hits_in_text(std::string_view text, Part part,
                                  const std::vector<Sought>& words,
                                  const index::Languages& languages)
{
    std::vector<TextHit> hits;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!belongs_to(part, words[i].leaf.field))
            continue;
        for (const auto& [begin, end] : index::hits_in(text, words[i].leaf, languages))
            if (hits.size() < max_hits)
                hits.push_back({begin, end, i});
    }
    std::ranges::sort(hits, {}, [](const TextHit& hit) { return std::pair(hit.begin, hit.end); });
    return hits;
}

/// How many different words stand in the `columns` from hit `first` on.
std::size_t words_from(const std::vector<TextHit>& hits, std::size_t first, std::size_t bytes)
{
    std::vector<std::size_t> seen;
    for (std::size_t i = first; i < hits.size() && hits[i].end <= hits[first].begin + bytes; ++i)
        if (std::ranges::find(seen, hits[i].word) == seen.end())
            seen.push_back(hits[i].word);
    return seen.size();
}

std::size_t best_hit(const std::vector<TextHit>& hits, std::size_t bytes)
{
    std::size_t best = 0;
    std::size_t most = 0;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        const std::size_t words = words_from(hits, i, bytes);
        if (words > most) {
            most = words;
            best = i;
        }
    }
    return best;
}

/// Up to `columns` before `at`, from the beginning of a word on.
std::size_t lead_start(std::string_view text, std::size_t at, std::size_t columns)
{
    std::size_t start = at;
    std::size_t word_start = at;
    for (std::size_t width = 0; start > 0 && width < columns;) {
        const std::size_t before = character_before(text, start);
        const Character character = character_at(text, before);
        width += character.columns;
        if (character.is_space || character.columns > 1)
            word_start = start;
        start = before;
    }
    return start == 0 ? 0 : word_start;
}

/// Copies a window of a text into one clean line, and the hits with it.
class Copy {
public:
    Copy(std::string_view text, const std::vector<TextHit>& hits) : text_(text), hits_(hits) {}

    Excerpt run(std::size_t start, std::size_t columns)
    {
        if (start > 0) {
            out_.text = "\u2026";
            width_ = 1;
        }
        std::size_t at = start;
        while (at < text_.size() && width_ + 1 < columns) {
            mark(at);
            const Character character = character_at(text_, at);
            put(at, character);
            at += character.bytes;
        }
        mark(at);
        close_mark();
        if (text_.find_first_not_of(" \t\r\n", at) != std::string_view::npos)
            cut(character_at(text_, at));
        return std::move(out_);
    }

private:
    void put(std::size_t at, const Character& character)
    {
        if (character.is_space) {
            has_space_ = !is_empty();
            return;
        }
        if (!character.is_printable)
            return;
        if (has_space_) {
            last_word_ = out_.text.size();
            out_.text += ' ';
            ++width_;
        }
        has_space_ = false;
        if (inside_ && !has_begun_) {
            has_begun_ = true;
            begin_ = out_.text.size();
        }
        out_.text += text_.substr(at, character.bytes);
        width_ += character.columns;
    }

    /// Ends with a whole word, unless that one is too long or was looked for.
    void cut(const Character& next)
    {
        const std::size_t word = out_.text.size() - last_word_;
        const bool is_inside_word = !next.is_space && next.columns == 1 && !has_space_;
        const bool is_hit = !out_.hits.empty() && out_.hits.back().second > last_word_;
        if (is_inside_word && !is_hit && last_word_ > 0 && word <= max_cut_word)
            out_.text.resize(last_word_);
        out_.text += "\u2026";
    }

    bool is_empty() const { return out_.text.empty() || out_.text == "\u2026"; }

    /// Opens and closes marks as `at` enters and leaves hits; those that overlap become one.
    void mark(std::size_t at)
    {
        if (inside_ && at >= end_)
            close_mark();
        for (; next_ < hits_.size() && hits_[next_].begin <= at; ++next_) {
            if (hits_[next_].end <= at)
                continue;
            end_ = inside_ ? std::max(end_, hits_[next_].end) : hits_[next_].end;
            inside_ = true;
        }
    }

    void close_mark()
    {
        if (inside_ && has_begun_)
            out_.hits.emplace_back(begin_, out_.text.size());
        inside_ = false;
        has_begun_ = false;
    }

    std::string_view text_;
    const std::vector<TextHit>& hits_;
    Excerpt out_;
    std::size_t width_ = 0;
    std::size_t next_ = 0;
    std::size_t last_word_ = 0;  ///< where the space before it stands
    std::size_t end_ = 0;
    std::size_t begin_ = 0;
    bool inside_ = false;
    bool has_begun_ = false;
    bool has_space_ = false;
};

}  // namespace

Excerpt excerpt_of(std::string_view text, Part part, const std::vector<Sought>& words,
                   const index::Languages& languages, std::size_t columns)
{
    const std::vector<TextHit> hits = hits_in_text(text, part, words, languages);
    std::size_t start = 0;
    if (!hits.empty()) {
        const TextHit& best = hits[best_hit(hits, columns - columns / lead_divisor)];
        // Rather the beginning than a window that starts a little behind it.
        if (best.begin > columns / lead_divisor)
            start = lead_start(text, best.begin, columns / lead_divisor);
    }
    return Copy(text, hits).run(start, columns);
}

}  // namespace mailhold::search
