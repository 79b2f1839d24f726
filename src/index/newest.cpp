// Every match is looked at, as the total is exact; only the newest of each shard are kept.

#include "newest.hpp"

#include <algorithm>

#include "once.hpp"

namespace mailhold::index {

namespace {

/// What one thread found in its shards.
struct Share {
    Once once;
    std::vector<Match> matches;
};

void search(const Xapian::Database& database, std::size_t shard, const Xapian::Query& query,
            std::size_t limit, Share& share)
{
    Xapian::Enquire enquire(database);
    enquire.set_query(query);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_sort_by_value(order_slot, true);
    const Xapian::doccount all = database.get_doccount();
    const Xapian::MSet set =
        enquire.get_mset(0, static_cast<Xapian::doccount>(std::min<std::size_t>(limit, all)),
                         all + 1, nullptr, &share.once);
    for (auto match = set.begin(); match != set.end(); ++match)
        share.matches.push_back({match.get_sort_key(), shard, *match});
}

/// The newest `limit` of all shares, each message once.
std::vector<Match> joined(std::vector<Share>& shares, std::size_t limit)
{
    std::vector<Match> all;
    for (Share& share : shares)
        std::move(share.matches.begin(), share.matches.end(), std::back_inserter(all));
    std::sort(all.begin(), all.end(),
              [](const Match& one, const Match& other) { return one.order > other.order; });
    // What stands twice has the same date and id, and is a neighbour of itself.
    const auto is_same = [](const Match& one, const Match& other) {
        return one.order == other.order;
    };
    all.erase(std::unique(all.begin(), all.end(), is_same), all.end());
    all.resize(std::min(all.size(), limit));
    return all;
}

}  // namespace

Newest newest_matches(const OpenShards& shards, const std::vector<Xapian::Query>& queries,
                      std::size_t limit)
{
    std::vector<Share> shares(queries.size());
    shards.for_each([&](std::size_t thread, std::size_t shard) {
        search(shards.each()[shard], shard, queries[thread], limit, shares[thread]);
    });
    Newest newest;
    SeenIds ids;
    for (const Share& share : shares)
        ids.insert_all(share.once.ids());
    newest.total = ids.size();
    newest.matches = joined(shares, limit);
    return newest;
}

}  // namespace mailhold::index
