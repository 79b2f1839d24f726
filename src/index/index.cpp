// Searching: the shards each on its own or all as one Xapian database, each message counted once.

#include "mailhold/index/index.hpp"

#include <algorithm>

#include "card.hpp"
#include "newest.hpp"
#include "once.hpp"
#include "suggestion.hpp"
#include "xapian_query.hpp"

namespace mailhold::index {

namespace {

/// Where a match stands. Documents themselves are opened one at a time: there may be many.
struct Place {
    const Xapian::Database* database = nullptr;
    Xapian::docid number = 0;

    Xapian::Document document() const { return database->get_document(number); }
};

struct Matches {
    std::uint64_t total = 0;  ///< exact; a message in two shards counts once
    std::vector<Place> places;
};

/// How good a match is depends on all shards, so that they are searched as one.
Matches best_matches(const Xapian::Database& database, const Xapian::Query& query,
                     Xapian::doccount first, Xapian::doccount limit)
{
    Xapian::Enquire enquire(database);
    enquire.set_query(query);
    enquire.set_sort_by_relevance_then_value(order_slot, true);
    const Once once;
    const Xapian::MSet set =
        enquire.get_mset(first, limit, database.get_doccount() + 1, nullptr, &once);
    Matches matches{once.ids().size(), {}};
    for (auto match = set.begin(); match != set.end(); ++match)
        matches.places.push_back({&database, *match});
    return matches;
}

Hit hit_of(const Xapian::Document& document, bool with_card)
{
    const std::string order = document.get_value(order_slot);
    Hit hit;
    hit.id = id_of(order, document.get_value(id_rest_slot));
    hit.date = date_of(order);
    hit.size_bytes = size_of(document.get_value(size_slot));
    if (with_card)
        hit.card = decode_card(document.get_data());
    return hit;
}

Xapian::doccount bounded(std::size_t number, const Xapian::Database& database)
{
    return static_cast<Xapian::doccount>(std::min<std::size_t>(number, database.get_doccount()));
}

}  // namespace

struct Index::State {
    State(std::vector<ShardSource> sources, const Languages& wanted)
        : shards(std::move(sources), 0), languages(wanted)
    {
    }

    OpenShards shards;
    Languages languages;
    ReadCounts counts;

    /// With the shards open.
    Matches matches(const Query& query, Sort sort, std::size_t first, std::size_t limit) const
    {
        const Xapian::Database& all = shards.all();
        if (sort == Sort::relevance)
            return best_matches(all, converted(query), bounded(first, all), bounded(limit, all));
        std::vector<Xapian::Query> queries(shards.threads());
        std::ranges::generate(queries, [&] { return converted(query); });
        const Newest newest =
            newest_matches(shards, queries, bounded(first, all) + bounded(limit, all));
        Matches matches{newest.total, {}};
        for (std::size_t i = first; i < newest.matches.size(); ++i) {
            const Match& match = newest.matches[i];
            matches.places.push_back({&shards.each()[match.shard], match.document});
        }
        return matches;
    }

private:
    Xapian::Query converted(const Query& query) const
    {
        return xapian_query(query, shards.all(), languages);
    }
};

Index::Index(std::vector<ShardSource> shards, const Languages& languages)
{
    ReadCounts counts;
    counts.shards = shards.size();
    for (const ShardSource& shard : shards)
        counts.index_bytes += shard.size_bytes;
    state_ = std::make_unique<State>(std::move(shards), languages);
    state_->counts = counts;
}

Index::~Index() = default;

Found Index::find(const Query& query, const FindOptions& options) const
{
    Found found;
    state_->shards.use([&] {
        const Matches matches = state_->matches(query, options.sort, options.first, options.limit);
        found.total = matches.total;
        for (const Place& place : matches.places)
            found.hits.push_back(hit_of(place.document(), true));
    });
    return found;
}

std::uint64_t Index::count(const Query& query) const
{
    return find(query, {.limit = 0}).total;
}

std::vector<crypto::ContentId> Index::ids(const Query& query, Sort sort) const
{
    std::vector<crypto::ContentId> ids;
    state_->shards.use([&] {
        const Matches matches =
            state_->matches(query, sort, 0, state_->shards.all().get_doccount());
        ids.reserve(matches.places.size());
        for (const Place& place : matches.places) {
            const Xapian::Document document = place.document();
            ids.push_back(id_of(document.get_value(order_slot), document.get_value(id_rest_slot)));
        }
    });
    return ids;
}

void Index::for_each(const std::function<void(const Hit&)>& visit, bool with_cards) const
{
    SeenIds seen;
    state_->shards.use([&] {
        for (const Xapian::Database& shard : state_->shards.each())
            for (auto order = shard.valuestream_begin(order_slot);
                 order != shard.valuestream_end(order_slot); ++order)
                if (seen.insert(id_prefix_of(*order)))
                    visit(hit_of(shard.get_document(order.get_docid(), Xapian::DOC_ASSUME_VALID),
                                 with_cards));
    });
}

std::optional<std::string> Index::suggestion(const std::string& word) const
{
    std::optional<std::string> suggestion;
    state_->shards.use([&] { suggestion = suggestion_for(word, state_->shards.all()); });
    return suggestion;
}

ReadCounts Index::counts() const
{
    ReadCounts counts = state_->counts;
    counts.read_bytes = state_->shards.read_bytes();
    return counts;
}

bool reads_lazily()
{
    return pread_hook::is_in_effect();
}

}  // namespace mailhold::index
