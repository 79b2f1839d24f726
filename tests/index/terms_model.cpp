// Evaluates term queries by the book: no speed, no database.

#include "terms_model.hpp"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

namespace mailhold::index::model {

namespace {

using Op = TermQuery::Op;
using Places = std::set<std::uint32_t>;

bool fits(const std::string& term, const TermQuery& prefix)
{
    const char last = term.back();
    const char mark = last >= 'A' && last <= 'Z' ? last : '\0';
    return term.starts_with(prefix.text) && prefix.marks.find(mark) != std::string::npos;
}

Places places_of(const TermMap& message, const TermQuery& query)
{
    Places places;
    if (query.op == Op::term) {
        if (const auto found = message.terms.find(query.text); found != message.terms.end())
            places = found->second;
    } else if (query.op == Op::ideograph || query.op == Op::prefix) {
        for (const auto& [term, standing] : message.terms)
            if (fits(term, query))
                places.insert(standing.begin(), standing.end());
    } else if (query.op == Op::any_of) {
        for (const TermQuery& part : query.parts)
            places.merge(places_of(message, part));
    } else {
        ADD_FAILURE() << "this is no part of a phrase";
    }
    return places;
}

bool matches_phrase(const TermMap& message, const TermQuery& query)
{
    Places ends = places_of(message, query.parts.front());
    for (std::size_t i = 1; i < query.parts.size(); ++i) {
        const Places next = places_of(message, query.parts[i]);
        Places longer;
        for (const std::uint32_t end : ends)
            if (next.contains(end + 1))
                longer.insert(end + 1);
        ends = std::move(longer);
    }
    return !ends.empty();
}

}  // namespace

void TermMap::at(std::string_view term, std::uint32_t position)
{
    terms[std::string(term)].insert(position);
    last = std::max(last, position);
    longest = std::max(longest, term.size());
}

void TermMap::add(std::string_view term)
{
    terms[std::string(term)];
    longest = std::max(longest, term.size());
}

TermMap terms_of(const mail::Searchable& message, const Languages& languages)
{
    TermMap map;
    TermMaker(languages).add_message(message, map);
    return map;
}

bool matches(const TermMap& message, const TermQuery& query)
{
    const auto part_matches = [&](const TermQuery& part) { return matches(message, part); };
    switch (query.op) {
    case Op::term:
        return message.terms.contains(query.text);
    case Op::ideograph:
    case Op::prefix:
        return std::any_of(message.terms.begin(), message.terms.end(),
                           [&](const auto& term) { return fits(term.first, query); });
    case Op::phrase:
        return matches_phrase(message, query);
    case Op::any_of:
        return std::any_of(query.parts.begin(), query.parts.end(), part_matches);
    case Op::nothing:
        return false;
    }
    return false;
}

Query leaf(Query::Kind kind, std::string text, std::optional<Field> field)
{
    Query query;
    query.kind = kind;
    query.field = field;
    query.text = std::move(text);
    return query;
}

bool finds(std::string_view text, const Query& query)
{
    mail::Searchable message;
    message.text = text;
    const Languages english{"en"};
    return matches(terms_of(message, english), terms_for(query, english));
}

bool finds_typed(std::string_view text, std::string_view query)
{
    std::istringstream words{std::string(query)};
    bool all = true;
    for (std::string word; words >> word;) {
        const bool is_prefix = word.ends_with('*');
        if (is_prefix)
            word.pop_back();
        all = all && finds(text, leaf(is_prefix ? Query::Kind::prefix : Query::Kind::word, word));
    }
    return all;
}

bool finds_phrase(std::string_view text, std::string_view query)
{
    return finds(text, leaf(Query::Kind::phrase, std::string(query)));
}

bool finds_exact(std::string_view text, std::string_view query)
{
    return finds(text, leaf(Query::Kind::exact_word, std::string(query)));
}

}  // namespace mailhold::index::model
