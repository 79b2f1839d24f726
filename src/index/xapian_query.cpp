// The tree is rebuilt node by node; the words of phrases and prefixes are looked up as they are
// met.

#include "xapian_query.hpp"

#include <algorithm>

#include "sources.hpp"
#include "values.hpp"

namespace mailhold::index {

namespace {

using XapianQuery = Xapian::Query;

/// One of `marks`, the upper-case letters behind words (docs/format.md, Terms), or \0 for none.
bool has_mark(std::string_view term, const std::string& marks)
{
    const char last = term.back();
    return marks.find(last >= 'A' && last <= 'Z' ? last : '\0') != std::string::npos;
}

class Converter {
public:
    Converter(Vocabulary& words, const Languages& languages) : words_(words), languages_(languages)
    {
    }

    XapianQuery of(const Query& query) const
    {
        switch (query.kind) {
        case Query::Kind::everything:
            return everything();
        case Query::Kind::dated:
            return dated(query);
        case Query::Kind::sized:
            return sized(query);
        case Query::Kind::among:
            return query.ids ? among_query(query.ids) : XapianQuery::MatchNothing;
        case Query::Kind::all_of:
            return all_of(query.parts);
        case Query::Kind::any_of:
            return joined(XapianQuery::OP_OR, query.parts);
        case Query::Kind::none_of:
            return without(everything(), joined(XapianQuery::OP_OR, query.parts));
        default:
            return of(terms_for(query, languages_));
        }
    }

private:
    /// Not MatchAll, of which all queries would be references.
    static XapianQuery everything() { return XapianQuery(std::string()); }

    static XapianQuery dated(const Query& query)
    {
        if (query.from >= query.until)
            return XapianQuery::MatchNothing;
        return {XapianQuery::OP_VALUE_RANGE, date_slot, date_value(query.from),
                date_value(query.until - 1)};
    }

    static XapianQuery sized(const Query& query)
    {
        if (std::max<std::int64_t>(query.from, 0) >= query.until)
            return XapianQuery::MatchNothing;
        return {XapianQuery::OP_VALUE_RANGE, size_slot, size_value(query.from),
                size_value(query.until - 1)};
    }

    static XapianQuery without(const XapianQuery& wanted, const XapianQuery& unwanted)
    {
        return {XapianQuery::OP_AND_NOT, wanted, unwanted};
    }

    XapianQuery joined(XapianQuery::op op, const std::vector<Query>& parts) const
    {
        std::vector<XapianQuery> queries;
        queries.reserve(parts.size());
        for (const Query& part : parts)
            queries.push_back(of(part));
        return {op, queries.begin(), queries.end()};
    }

    /// What is excluded is subtracted from the rest, not from everything.
    XapianQuery all_of(const std::vector<Query>& parts) const
    {
        std::vector<XapianQuery> wanted;
        std::vector<XapianQuery> unwanted;
        for (const Query& part : parts) {
            if (part.kind == Query::Kind::none_of)
                unwanted.push_back(joined(XapianQuery::OP_OR, part.parts));
            else
                wanted.push_back(of(part));
        }
        XapianQuery query = everything();
        if (!wanted.empty())
            query = {XapianQuery::OP_AND, wanted.begin(), wanted.end()};
        if (unwanted.empty())
            return query;
        return without(query, {XapianQuery::OP_OR, unwanted.begin(), unwanted.end()});
    }

    XapianQuery of(const TermQuery& query) const
    {
        switch (query.op) {
        case TermQuery::Op::term:
            return XapianQuery(query.text);
        case TermQuery::Op::prefix:
            return synonym(words_.with_prefix(query.text, query.marks));
        case TermQuery::Op::ideograph:
            return synonym(words_.with_ideograph(query.text, query.marks));
        case TermQuery::Op::phrase:
            return phrase(query.parts);
        case TermQuery::Op::any_of:
            return any_of(query.parts);
        case TermQuery::Op::all_of:
            return joined(XapianQuery::OP_AND, query.parts);
        case TermQuery::Op::nothing:
            break;
        }
        return XapianQuery::MatchNothing;
    }

    XapianQuery joined(XapianQuery::op op, const std::vector<TermQuery>& parts) const
    {
        std::vector<XapianQuery> queries;
        queries.reserve(parts.size());
        for (const TermQuery& part : parts)
            queries.push_back(of(part));
        return {op, queries.begin(), queries.end()};
    }

    /// Terms count as one word. Phrases stand beside them: Xapian cannot tell how many documents a
    /// synonym may have of what is asked document by document.
    XapianQuery any_of(const std::vector<TermQuery>& parts) const
    {
        std::vector<XapianQuery> terms;
        std::vector<XapianQuery> any;
        for (const TermQuery& part : parts)
            (part.op == TermQuery::Op::phrase ? any : terms).push_back(of(part));
        any.emplace_back(XapianQuery::OP_SYNONYM, terms.begin(), terms.end());
        return {XapianQuery::OP_OR, any.begin(), any.end()};
    }

    static XapianQuery synonym(const std::vector<std::string>& terms)
    {
        return {XapianQuery::OP_SYNONYM, terms.begin(), terms.end()};
    }

    /// Terms that may stand at one place of a phrase and are in the index at all.
    void add_known(const TermQuery& query, std::vector<std::string>& terms) const
    {
        if (query.op == TermQuery::Op::term && words_.has(query.text))
            terms.push_back(query.text);
        if (query.op == TermQuery::Op::ideograph)
            for (const std::string& term : words_.with_ideograph(query.text, query.marks))
                terms.push_back(term);
        for (const TermQuery& part : query.parts)
            add_known(part, terms);
    }

    XapianQuery phrase(const std::vector<TermQuery>& parts) const
    {
        PhrasePlaces places;
        for (const TermQuery& part : parts) {
            places.emplace_back();
            add_known(part, places.back());
            if (places.back().empty())
                return XapianQuery::MatchNothing;
        }
        return phrase_query(places);
    }

    Vocabulary& words_;
    const Languages& languages_;
};

}  // namespace

const std::vector<Vocabulary::Known>& Vocabulary::beginning_with(const std::string& prefix)
{
    const auto [place, is_new] = expanded_.try_emplace(prefix);
    if (!is_new)
        return place->second;
    const Xapian::TermIterator end = database_.allterms_end(prefix);
    for (Xapian::TermIterator term = database_.allterms_begin(prefix);
         term != end && place->second.size() < max_looked_at; ++term)
        place->second.push_back({.frequency = term.get_termfreq(), .term = *term});
    return place->second;
}

const std::vector<std::string>& Vocabulary::chosen(const std::string& prefix,
                                                   const std::string& marks, std::size_t most)
{
    const auto [place, is_new] = chosen_.try_emplace({prefix, marks});
    if (!is_new)
        return place->second;
    std::vector<Known> found;
    std::ranges::copy_if(beginning_with(prefix), std::back_inserter(found),
                         [&](const Known& known) { return has_mark(known.term, marks); });
    if (found.size() > most) {
        std::ranges::nth_element(found, found.begin() + static_cast<std::ptrdiff_t>(most),
                                 std::greater<>(), &Known::frequency);
        found.resize(most);
    }
    for (Known& known : found)
        place->second.push_back(std::move(known.term));
    return place->second;
}

const std::vector<std::string>& Vocabulary::with_prefix(const std::string& prefix,
                                                        const std::string& marks)
{
    return chosen(prefix, marks, max_expansion);
}

const std::vector<std::string>& Vocabulary::with_ideograph(const std::string& ideograph,
                                                           const std::string& marks)
{
    return chosen(ideograph, marks, max_looked_at);
}

bool Vocabulary::has(const std::string& term)
{
    const auto [place, is_new] = known_.try_emplace(term);
    if (is_new)
        place->second = database_.term_exists(term);
    return place->second;
}

Xapian::Query xapian_query(const Query& query, Vocabulary& words, const Languages& languages)
{
    return Converter(words, languages).of(query);
}

}  // namespace mailhold::index
