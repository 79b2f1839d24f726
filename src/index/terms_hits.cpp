// Hits in a text that is shown: the text is cut as if it were indexed, and the query's terms are
// looked for in it, so that what is marked is what was found.

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "mailhold/index/terms.hpp"
#include "terms_cut.hpp"
#include "terms_marks.hpp"
#include "terms_stems.hpp"

namespace mailhold::index {

namespace {

using Op = TermQuery::Op;
using Range = std::pair<std::size_t, std::size_t>;

struct Occurrence {
    std::uint32_t position = 0;
    Range range;
};
using Occurrences = std::vector<Occurrence>;

/// Where a query's terms occur in a text.
class Finder final : public FormReceiver {
public:
    Finder(const TermQuery& query, Stems& stems) : stems_(stems) { want(query); }

    void read(std::string_view text) { Cutter(*this).cut(text, 0, max_positions); }

    void take(const Form& form) override
    {
        const auto body = index_of(Field::body);
        note(marked(form.text, (stands_in_text(form.kind) ? word_marks : form_marks)[body]), form);
        if (!form.stemmable || !wants_stems_)
            return;
        for (const std::string& stem : stems_.of(form.text).stems)
            note(marked(stem, stem_marks[body]), form);
    }

    Occurrences found(const TermQuery& query) const
    {
        switch (query.op) {
        case Op::term:
        case Op::ideograph:  // each is a word of its own here
        case Op::prefix:
            return found_.at(key_of(query));
        case Op::phrase:
            return phrases(query.parts);
        case Op::any_of:
            return together(query.parts);
        case Op::nothing:
            return {};
        }
        return {};
    }

private:
    /// A prefix ends with a byte that no term has.
    static std::string key_of(const TermQuery& query)
    {
        return query.op == Op::prefix ? query.text + '*' : query.text;
    }

    void want(const TermQuery& query)
    {
        if (query.op == Op::term || query.op == Op::ideograph || query.op == Op::prefix)
            found_[key_of(query)];
        if (query.op == Op::prefix)
            prefixes_.push_back(query);
        if (query.op == Op::term && query.text.ends_with(stem_marks[index_of(Field::body)]))
            wants_stems_ = true;
        for (const TermQuery& part : query.parts)
            want(part);
    }

    void note(const std::string& found, const Form& form)
    {
        const Occurrence occurrence{form.position, {form.begin, form.end}};
        if (const auto wanted = found_.find(found); wanted != found_.end())
            wanted->second.push_back(occurrence);
        for (const TermQuery& prefix : prefixes_)
            if (matches(prefix, found))
                found_[key_of(prefix)].push_back(occurrence);
    }

    static bool matches(const TermQuery& prefix, const std::string& found)
    {
        return found.starts_with(prefix.text) && has_mark(found, prefix.marks);
    }

    Occurrences together(const std::vector<TermQuery>& parts) const
    {
        Occurrences all;
        for (const TermQuery& part : parts) {
            const Occurrences of_part = found(part);
            all.insert(all.end(), of_part.begin(), of_part.end());
        }
        return all;
    }

    Occurrences phrases(const std::vector<TermQuery>& parts) const
    {
        Occurrences begun = found(parts.front());
        for (std::size_t i = 1; i < parts.size() && !begun.empty(); ++i) {
            std::unordered_map<std::uint32_t, Range> next;
            for (const Occurrence& occurrence : found(parts[i]))
                next.emplace(occurrence.position, occurrence.range);
            Occurrences longer;
            for (const Occurrence& occurrence : begun)
                if (const auto found_next = next.find(occurrence.position + 1);
                    found_next != next.end())
                    longer.push_back({occurrence.position + 1,
                                      {occurrence.range.first, found_next->second.second}});
            begun = std::move(longer);
        }
        return begun;
    }

    Stems& stems_;
    bool wants_stems_ = false;
    std::vector<TermQuery> prefixes_;
    std::unordered_map<std::string, Occurrences> found_;
};

/// What this thread's last text taught of these languages: a page of results shares its words.
Stems& remembered_stems(const Languages& languages)
{
    thread_local std::optional<std::pair<Languages, Stems>> remembered;
    if (!remembered || remembered->first != languages)
        remembered.emplace(languages, Stems(languages));
    return remembered->second;
}

class WordList final : public FormReceiver {
public:
    void take(const Form& form) override
    {
        if (form.kind == FormKind::plain)
            words.push_back({form.begin, form.end, std::string(form.text)});
    }

    std::vector<Word> words;
};

}  // namespace

std::vector<Word> words_of(std::string_view text)
{
    WordList list;
    Cutter(list).cut(text, 0, max_positions);
    return std::move(list.words);
}

std::vector<std::pair<std::size_t, std::size_t>> hits_in(std::string_view text, const Query& leaf,
                                                         const Languages& languages)
{
    Query in_body = leaf;
    in_body.field = Field::body;
    const TermQuery query = terms_for(in_body, languages);
    Finder finder(query, remembered_stems(languages));
    finder.read(text);

    std::vector<Range> ranges;
    for (const Occurrence& occurrence : finder.found(query))
        ranges.push_back(occurrence.range);
    std::sort(ranges.begin(), ranges.end());
    std::vector<Range> apart;
    for (const Range& range : ranges) {
        if (apart.empty() || range.first > apart.back().second)
            apart.push_back(range);
        else
            apart.back().second = std::max(apart.back().second, range.second);
    }
    return apart;
}

}  // namespace mailhold::index
