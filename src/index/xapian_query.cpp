// The tree is rebuilt node by node; the words of phrases and prefixes are looked up as they are
// met.

#include "xapian_query.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "sources.hpp"
#include "terms_marks.hpp"
#include "values.hpp"

namespace mailhold::index {

namespace {

using XapianQuery = Xapian::Query;

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
        case TermQuery::Op::ideograph:
            return is_widespread(query) ? prefix_query(query.text, query.marks)
                                        : synonym(beginning_with(query));
        case TermQuery::Op::phrase:
            return phrase(query.parts);
        case TermQuery::Op::any_of:
            return any_of(query.parts);
        case TermQuery::Op::nothing:
            break;
        }
        return XapianQuery::MatchNothing;
    }

    /// One more than max_expansion of them, or all.
    const std::vector<std::string>& beginning_with(const TermQuery& query) const
    {
        return words_.beginning_with(query.text, query.marks, max_expansion + 1);
    }

    const std::vector<std::string>& all_beginning_with(const TermQuery& query) const
    {
        return is_widespread(query) ? words_.beginning_with(query.text, query.marks, SIZE_MAX)
                                    : beginning_with(query);
    }

    bool is_widespread(const TermQuery& query) const
    {
        return (query.op == TermQuery::Op::prefix || query.op == TermQuery::Op::ideograph) &&
               beginning_with(query).size() > max_expansion;
    }

    /// Terms count as one word. Beside them stands what is asked document by document, of which
    /// Xapian cannot tell how many documents a synonym may have.
    XapianQuery any_of(const std::vector<TermQuery>& parts) const
    {
        std::vector<XapianQuery> terms;
        std::vector<XapianQuery> any;
        for (const TermQuery& part : parts)
            (part.op == TermQuery::Op::phrase || is_widespread(part) ? any : terms)
                .push_back(of(part));
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
        if (query.op == TermQuery::Op::ideograph || query.op == TermQuery::Op::prefix)
            std::ranges::copy(all_beginning_with(query), std::back_inserter(terms));
        for (const TermQuery& part : query.parts)
            add_known(part, terms);
    }

    XapianQuery phrase(const std::vector<TermQuery>& parts) const
    {
        PhrasePlaces places;
        for (const TermQuery& part : parts) {
            // Where so many words stand is not read: one of them may stand anywhere.
            if (part.op == TermQuery::Op::prefix && is_widespread(part))
                return {XapianQuery::OP_AND, phrase_query(places), of(part)};
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

const std::vector<std::string>&
Vocabulary::beginning_with(const std::string& prefix, const std::string& marks, std::size_t most)
{
    const auto [place, is_new] = beginning_.try_emplace({prefix, marks, most});
    std::vector<std::string>& terms = place->second;
    if (!is_new)
        return terms;
    const Xapian::TermIterator end = database_.allterms_end(prefix);
    for (auto term = database_.allterms_begin(prefix); term != end && terms.size() < most; ++term)
        if (has_mark(*term, marks))
            terms.push_back(*term);
    return terms;
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
