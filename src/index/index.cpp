// Searching: all shards as one Xapian database, each message counted once.

#include "mailhold/index/index.hpp"

#include <algorithm>

#include "card.hpp"
#include "open_shards.hpp"
#include "suggestion.hpp"
#include "values.hpp"
#include "xapian_query.hpp"

namespace mailhold::index {

namespace {

/// Lets the first document of each message through. Xapian asks it about every match, since it is
/// told to look at all.
class Once : public Xapian::MatchDecider {
public:
    bool operator()(const Xapian::Document& document) const override
    {
        return seen_.insert(id_prefix_of(document.get_value(order_slot))).second;
    }

    std::uint64_t count() const noexcept { return seen_.size(); }

private:
    mutable IdSet seen_;  // Xapian calls deciders as const
};

struct Matches {
    std::uint64_t total = 0;
    Xapian::MSet set;
};

Matches matches_of(const Xapian::Database& database, const Xapian::Query& query, Sort sort,
                   Xapian::doccount first, Xapian::doccount limit)
{
    Xapian::Enquire enquire(database);
    enquire.set_query(query);
    if (sort == Sort::date) {
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        enquire.set_sort_by_value(order_slot, true);
    } else {
        enquire.set_sort_by_relevance_then_value(order_slot, true);
    }
    const Once once;
    Matches matches;
    matches.set = enquire.get_mset(first, limit, database.get_doccount() + 1, nullptr, &once);
    matches.total = once.count();
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
        const Xapian::Database& all = state_->shards.all();
        const Matches matches =
            matches_of(all, state_->converted(query), options.sort, bounded(options.first, all),
                       bounded(options.limit, all));
        found.total = matches.total;
        for (auto match = matches.set.begin(); match != matches.set.end(); ++match)
            found.hits.push_back(hit_of(match.get_document(), true));
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
        const Xapian::Database& all = state_->shards.all();
        const Matches matches =
            matches_of(all, state_->converted(query), sort, 0, all.get_doccount());
        ids.reserve(matches.set.size());
        for (auto match = matches.set.begin(); match != matches.set.end(); ++match) {
            const Xapian::Document document = match.get_document();
            ids.push_back(id_of(document.get_value(order_slot), document.get_value(id_rest_slot)));
        }
    });
    return ids;
}

void Index::for_each(const std::function<void(const Hit&)>& visit, bool with_cards) const
{
    IdSet seen;
    state_->shards.use([&] {
        for (const Xapian::Database& shard : state_->shards.each())
            for (auto order = shard.valuestream_begin(order_slot);
                 order != shard.valuestream_end(order_slot); ++order)
                if (seen.insert(id_prefix_of(*order)).second)
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
