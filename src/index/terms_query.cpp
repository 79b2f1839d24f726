// What a query's word looks for: its terms in all fields or one, as the index makes them. The same
// cutter walks both texts.

#include <algorithm>
#include <array>
#include <span>

#include "mailhold/base/error.hpp"
#include "mailhold/index/terms.hpp"
#include "terms_compounds.hpp"
#include "terms_cut.hpp"
#include "terms_marks.hpp"
#include "terms_numbers.hpp"
#include "terms_stems.hpp"

namespace mailhold::index {

namespace {

using Op = TermQuery::Op;

constexpr std::array all_fields{Field::body,       Field::subject,   Field::from,
                                Field::to,         Field::cc,        Field::bcc,
                                Field::attachment, Field::file_name, Field::list};

TermQuery term(std::string text)
{
    return {Op::term, std::move(text), {}, {}};
}

TermQuery combined(Op op, std::vector<TermQuery> parts)
{
    if (parts.empty())
        return {};
    if (parts.size() == 1)
        return std::move(parts.front());
    return {op, {}, {}, std::move(parts)};
}

/// One place of a phrase.
struct Place {
    std::string text = {};
    std::vector<std::string> spellings = {};
    bool ideograph = false;  ///< or a pair of them
    bool pair = false;
    bool stemmable = false;
    char joint = 0;  ///< between it and the place before
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The places of a query's text, and what it is spelt like as a whole.
class Words final : public FormReceiver {
public:
    explicit Words(std::string_view text)
    {
        Cutter(*this).cut(text, 0, max_positions);
        add_spellings();
    }

    void take(const Form& form) override
    {
        if (form.kind == FormKind::spelling)
            spellings_.push_back(
                {.text = std::string(form.text), .begin = form.begin, .end = form.end});
        else if (stands_in_text(form.kind))
            take_plain(form);
    }

    const std::vector<Place>& places() const noexcept { return places_; }
    const std::vector<std::string>& spellings() const noexcept { return whole_; }

private:
    void take_plain(const Form& form)
    {
        Place place{.text = std::string(form.text),
                    .ideograph = form.ideograph,
                    .pair = form.kind == FormKind::pair,
                    .stemmable = form.stemmable,
                    .joint = form.joint,
                    .begin = form.begin,
                    .end = form.end};
        if (form.position == places_.size())
            places_.push_back(std::move(place));
        else
            places_[form.position] = std::move(place);  // a pair, which says more than one
    }

    void add_spellings()
    {
        if (places_.empty())
            return;
        const std::size_t begin = places_.front().begin;
        const std::size_t end = places_.back().end;
        for (const Place& spelling : spellings_) {
            for (Place& place : places_)
                if (place.begin == spelling.begin && place.end == spelling.end)
                    place.spellings.push_back(spelling.text);
            if (places_.size() > 1 && spelling.begin == begin && spelling.end == end)
                whole_.push_back(spelling.text);
        }
        // The pair before holds the last ideograph already.
        if (places_.size() > 1 && places_.back().ideograph &&
            places_[places_.size() - 2].end == end)
            places_.pop_back();
    }

    std::vector<Place> places_;
    std::vector<Place> spellings_;
    std::vector<std::string> whole_;
};

class Builder {
public:
    Builder(const Query& leaf, const Languages& languages)
        : leaf_(leaf), languages_(languages), words_(leaf.text)
    {
        if (leaf.field)
            fields_ = {&*leaf.field, 1};
    }

    TermQuery built() const
    {
        if (words_.places().empty())
            return {};
        return leaf_.kind == Query::Kind::prefix ? prefix() : words();
    }

private:
    bool is_exact() const noexcept { return leaf_.kind == Query::Kind::exact_word; }

    void add_forms(const std::string& text, std::vector<TermQuery>& parts) const
    {
        for (const Field field : fields_)
            add_forms_in(field, text, parts);
    }

    void add_forms_in(Field field, const std::string& text, std::vector<TermQuery>& parts) const
    {
        parts.push_back(term(marked(text, word_marks[index_of(field)])));
        if (!is_exact())
            parts.push_back(term(marked(text, form_marks[index_of(field)])));
    }

    TermQuery at_place(const Place& place, Field field) const
    {
        const char mark = word_marks[index_of(field)];
        if (place.pair)
            return term(marked(place.text, mark));
        if (place.ideograph)
            return {Op::ideograph, place.text, std::string(1, mark), {}};
        std::vector<TermQuery> parts;
        add_forms_in(field, place.text, parts);
        for (const std::string& spelling : place.spellings)
            if (!is_exact())
                add_forms_in(field, spelling, parts);
        return combined(Op::any_of, std::move(parts));
    }

    TermQuery words() const
    {
        std::vector<TermQuery> parts;
        for (const Field field : fields_)
            parts.push_back(phrase_in(field));
        if (!is_exact())
            for (const std::string& spelling : words_.spellings())
                add_forms(spelling, parts);
        if (words_.places().size() == 1)
            add_looser_forms(words_.places().front(), parts);
        return combined(Op::any_of, flat(std::move(parts)));
    }

    TermQuery phrase_in(Field field) const
    {
        std::vector<TermQuery> places;
        for (const Place& place : words_.places())
            places.push_back(at_place(place, field));
        return combined(Op::phrase, std::move(places));
    }

    /// any_of in any_of is one.
    static std::vector<TermQuery> flat(std::vector<TermQuery> parts)
    {
        std::vector<TermQuery> result;
        for (TermQuery& part : parts) {
            if (part.op == Op::any_of)
                std::move(part.parts.begin(), part.parts.end(), std::back_inserter(result));
            else
                result.push_back(std::move(part));
        }
        return result;
    }

    void add_looser_forms(const Place& place, std::vector<TermQuery>& parts) const
    {
        if (leaf_.kind == Query::Kind::word && place.stemmable)
            add_stems(place.text, parts);
        if (is_exact())
            return;
        add_price(place.text, parts);
        add_sizes(place.text, parts);
    }

    /// 25x2.5 is also "25 x 2.5", "25 × 2.5" and 25*2.5.
    void add_sizes(const std::string& word, std::vector<TermQuery>& parts) const
    {
        const auto sizes = sizes_in(word);
        if (sizes.empty())
            return;
        for (const Field field : fields_) {
            std::vector<TermQuery> apart;
            std::vector<TermQuery> spaced;
            for (const std::string_view size : sizes) {
                const TermQuery number = at_place(number_place(size), field);
                if (!spaced.empty())
                    spaced.push_back(at_place(Place{.text = "x"}, field));
                spaced.push_back(number);
                apart.push_back(number);
            }
            parts.push_back({Op::phrase, {}, {}, std::move(apart)});
            parts.push_back({Op::phrase, {}, {}, std::move(spaced)});
        }
    }

    static Place number_place(std::string_view number)
    {
        Place place{.text = std::string(number)};
        if (std::string reading = readings_of(number).main; !reading.empty() && reading != number)
            place.spellings.push_back(std::move(reading));
        return place;
    }

    void add_stems(const std::string& word, std::vector<TermQuery>& parts) const
    {
        Stems stems(languages_);
        const Stems::Known& known = stems.of(word);
        if (known.is_own_stem)
            add_stem(word, parts);
        for (const std::string& stem : known.stems)
            add_stem(stem, parts);
    }

    void add_stem(const std::string& stem, std::vector<TermQuery>& parts) const
    {
        for (const Field field : fields_) {
            const char mark = stem_marks[index_of(field)];
            if (mark == no_mark)
                continue;
            parts.push_back(term(marked(stem, mark)));
            if (stem != words_.places().front().text)
                parts.push_back(term(marked(stem, word_marks[index_of(field)])));
        }
    }

    /// USD1250 is also "USD 1,250.00" and "1250 USD".
    void add_price(const std::string& word, std::vector<TermQuery>& parts) const
    {
        const auto price = price_in(word);
        if (!price || price->before.empty() == price->behind.empty())
            return;
        const std::string name(price->before.empty() ? price->behind : price->before);
        const Place number = number_place(price->number);
        const Place unit{.text = name};
        for (const Field field : fields_) {
            parts.push_back({Op::phrase, {}, {}, {at_place(unit, field), at_place(number, field)}});
            parts.push_back({Op::phrase, {}, {}, {at_place(number, field), at_place(unit, field)}});
        }
    }

    TermQuery prefix() const
    {
        const std::vector<Place>& places = words_.places();
        if (places.back().ideograph)  // written without spaces: a part of a run is found anyway
            return words();
        if (places.size() == 1)
            return prefix_of_word(places.back().text, fields_);
        std::vector<TermQuery> parts;
        for (const Field field : fields_)
            parts.push_back(phrase_that_begins(field));
        if (const std::string squashed = part_number(); !squashed.empty())
            parts.push_back(prefix_of_word(squashed, fields_));
        return combined(Op::any_of, std::move(parts));
    }

    /// Of several words; of the last one it has the beginning.
    TermQuery phrase_that_begins(Field field) const
    {
        TermQuery phrase = phrase_in(field);
        phrase.parts.back() = prefix_of_word(words_.places().back().text, {&field, 1});
        return phrase;
    }

    /// "AB-12" squashed as the index has it; empty for other texts.
    std::string part_number() const
    {
        std::string squashed;
        for (const Place& place : words_.places()) {
            if (place.ideograph || !(squashed.empty() || joins(place.joint)))
                return {};
            squashed += place.text;
        }
        if (squashed.find_first_of("0123456789") == std::string::npos)
            return {};
        std::erase_if(squashed, [](char c) {
            return std::string_view(",.;'&_+#").find(c) != std::string_view::npos;
        });
        return squashed;
    }

    static TermQuery prefix_of_word(std::string text, std::span<const Field> fields)
    {
        std::string marks;
        for (const Field field : fields) {
            marks += word_marks[index_of(field)];
            marks += form_marks[index_of(field)];
        }
        text.resize(text.find_last_not_of("+#") + 1);
        return {Op::prefix, std::move(text), std::move(marks), {}};
    }

    const Query& leaf_;
    const Languages& languages_;
    Words words_;
    std::span<const Field> fields_ = all_fields;
};

TermQuery id_term(char prefix, const std::string& text)
{
    const std::string id = bare_id(text);
    return id.empty() ? TermQuery() : term(prefix + id);
}

}  // namespace

TermQuery terms_for(const Query& leaf, const Languages& languages)
{
    switch (leaf.kind) {
    case Query::Kind::word:
    case Query::Kind::exact_word:
    case Query::Kind::phrase:
    case Query::Kind::prefix:
        return Builder(leaf, languages).built();
    case Query::Kind::message_id:
        return id_term(message_id_prefix, leaf.text);
    case Query::Kind::refers_to:
        return id_term(reference_prefix, leaf.text);
    case Query::Kind::has_attachment:
        return term(std::string(attachment_term));
    default:
        throw Error(ErrorKind::bug, "terms asked for a query that has none");
    }
}

}  // namespace mailhold::index
