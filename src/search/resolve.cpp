// The tree once more, with the catalog's answers in it.

#include "mailhold/search/resolve.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"
#include "mailhold/index/terms.hpp"

#include "places.hpp"

namespace mailhold::search {

namespace {

using Kind = Expression::Kind;
using QueryKind = index::Query::Kind;

/// More messages than one id's beginning can name, unless it is short and the vault huge.
constexpr std::size_t max_messages_of_prefix = 1'000;

index::Query query_of_kind(QueryKind kind)
{
    index::Query query;
    query.kind = kind;
    return query;
}

index::Query among(index::IdSet ids)
{
    index::Query query = query_of_kind(QueryKind::among);
    query.ids = std::make_shared<const index::IdSet>(std::move(ids));
    return query;
}

index::Query among(const std::vector<std::uint64_t>& id_starts)
{
    index::IdSet ids;
    ids.reserve(id_starts.size());
    for (const std::uint64_t start : id_starts)
        ids.insert(index::IdPrefix{start});
    return among(std::move(ids));
}

class Resolver {
public:
    explicit Resolver(const catalog::Catalog& catalog) : catalog_(catalog) {}

    /// nullopt for a part that looks for nothing, which has been noted.
    std::optional<index::Query> resolve(const Expression& expression)
    {
        switch (expression.kind) {
        case Kind::word:
        case Kind::phrase:
        case Kind::prefix:
            return words(expression);
        case Kind::all_of:
            return conjunction(expression);
        case Kind::any_of:
            return is_place_condition(expression) ? std::optional(placed(expression))
                                                  : joined(QueryKind::any_of, expression.parts);
        case Kind::none_of:
            return negation(expression);
        default:
            return is_place_condition(expression) ? placed(expression) : single(expression);
        }
    }

    std::vector<Sought> words_;
    std::vector<std::string> notes_;

private:
    std::optional<index::Query> words(const Expression& leaf)
    {
        const std::size_t count = index::words_of(leaf.text).size();
        if (count == 0) {
            notes_.push_back(fmt::format("\"{}\" has no letters or digits to look for and was "
                                         "left out",
                                         printable(leaf.text)));
            return std::nullopt;
        }
        index::Query query = query_of_kind(leaf.kind == Kind::prefix ? QueryKind::prefix
                                           : leaf.kind == Kind::word ? QueryKind::word
                                           : count == 1              ? QueryKind::exact_word
                                                                     : QueryKind::phrase);
        query.field = leaf.field;
        query.text = leaf.text;
        if (!is_negated_)
            words_.push_back({query, leaf.place});
        return query;
    }

    index::Query single(const Expression& leaf)
    {
        index::Query query;
        switch (leaf.kind) {
        case Kind::message_id:
            query.kind = QueryKind::message_id;
            query.text = leaf.text;
            return query;
        case Kind::content_id:
            return with_id(leaf.text);
        case Kind::has_attachment:
            query.kind = QueryKind::has_attachment;
            return query;
        case Kind::dated:
        case Kind::sized:
            query.kind = leaf.kind == Kind::dated ? QueryKind::dated : QueryKind::sized;
            query.from = leaf.from;
            query.until = leaf.until;
            return query;
        case Kind::gone:
            return among(catalog_.messages_gone());
        default:
            return query;
        }
    }

    index::Query with_id(const std::string& hex)
    {
        index::IdSet ids;
        const auto found = catalog_.messages_with_prefix(hex, max_messages_of_prefix);
        for (const crypto::ContentId& id : found)
            ids.insert(index::prefix_of(id));
        if (found.size() == max_messages_of_prefix)
            notes_.push_back(fmt::format("more than {} ids begin with {}; give more digits",
                                         max_messages_of_prefix, hex));
        return among(std::move(ids));
    }

    index::Query placed(const Expression& condition)
    {
        NamesAsked names(condition);
        const auto accepts = [&](const catalog::AccountRow& account,
                                 const catalog::FolderRow& folder, const Flags* flags) {
            if (!flags)
                names.meet(account, folder);
            return satisfies(condition, account, folder, flags);
        };
        index::Query query = among(catalog_.messages_placed(accepts));
        for (std::string& note : names.unknown(catalog_))
            notes_.push_back(std::move(note));
        return query;
    }

    /// What is joined by AND, in groups too.
    static void split(const Expression& conjunction, std::vector<Expression>& places,
                      std::vector<Expression>& others)
    {
        for (const Expression& part : conjunction.parts) {
            if (is_place_condition(part))
                places.push_back(part);
            else if (part.kind == Kind::all_of)
                split(part, places, others);
            else
                others.push_back(part);
        }
    }

    /// Conditions on places are gathered: one placement has to satisfy them all.
    std::optional<index::Query> conjunction(const Expression& expression)
    {
        Expression places;
        places.kind = Kind::all_of;
        std::vector<Expression> others;
        split(expression, places.parts, others);
        if (places.parts.empty())
            return joined(QueryKind::all_of, others);
        index::Query where = placed(places);
        std::optional<index::Query> what =
            others.empty() ? std::nullopt : joined(QueryKind::all_of, others);
        if (!what)
            return where;
        index::Query both = query_of_kind(QueryKind::all_of);
        both.parts = {std::move(*what), std::move(where)};
        return both;
    }

    std::optional<index::Query> joined(QueryKind kind, const std::vector<Expression>& parts)
    {
        index::Query query = query_of_kind(kind);
        for (const Expression& part : parts)
            if (auto resolved = resolve(part))
                query.parts.push_back(std::move(*resolved));
        if (query.parts.empty())
            return std::nullopt;
        if (query.parts.size() == 1)
            return std::move(query.parts.front());
        return query;
    }

    std::optional<index::Query> negation(const Expression& expression)
    {
        is_negated_ = !is_negated_;
        std::optional<index::Query> part = resolve(expression.parts.front());
        is_negated_ = !is_negated_;
        if (!part)
            return std::nullopt;
        index::Query query = query_of_kind(QueryKind::none_of);
        query.parts.push_back(std::move(*part));
        return query;
    }

    const catalog::Catalog& catalog_;
    bool is_negated_ = false;
};

}  // namespace

Resolved resolve(const Expression& expression, const catalog::Catalog& catalog)
{
    Resolver resolver(catalog);
    std::optional<index::Query> query;
    catalog.reading([&] { query = resolver.resolve(expression); });
    if (!query)
        throw QueryError(expression.place, "there are no letters or digits to look for",
                         "name a word to look for, or * for every message");
    return {std::move(*query), std::move(resolver.words_), std::move(resolver.notes_)};
}

}  // namespace mailhold::search
