// Searching: each shard by itself, or all as one Xapian database; each message counts once.

#include "mailhold/index/index.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "card.hpp"
#include "newest.hpp"
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
        return seen_.insert(id_prefix_of(document.get_value(id_prefix_slot))).second;
    }

    std::uint64_t count() const noexcept { return seen_.size(); }

private:
    mutable IdSet seen_;  // Xapian calls deciders as const
};

struct Matches {
    std::uint64_t total = 0;
    Xapian::MSet set;
};

Xapian::doccount bounded(std::size_t number, const Xapian::Database& database)
{
    return static_cast<Xapian::doccount>(std::min<std::size_t>(number, database.get_doccount()));
}

/// All matches are looked at, so that their number is exact.
Matches matches_of(const Xapian::Database& database, const Xapian::Query& query,
                   const FindOptions& options, Repeats repeats)
{
    Xapian::Enquire enquire(database);
    enquire.set_query(query);
    if (options.sort == Sort::date) {
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        if (options.limit > 0)  // who only counts needs no dates
            enquire.set_sort_by_value(date_slot, true);
    } else {
        enquire.set_sort_by_relevance_then_value(date_slot, true);
    }
    const Once once;
    const bool may_repeat = repeats == Repeats::possible;
    Matches matches;
    matches.set =
        enquire.get_mset(bounded(options.first, database), bounded(options.limit, database),
                         database.get_doccount() + 1, nullptr, may_repeat ? &once : nullptr);
    matches.total = may_repeat ? once.count() : matches.set.get_matches_estimated();
    return matches;
}

/// At least the newest `wanted` matches of a shard whose messages stand nowhere else, but for those
/// below the floor.
Matches newest_matches(const Xapian::Database& shard, const Xapian::Query& query,
                       std::size_t wanted, DateFloor& floor)
{
    Xapian::Enquire enquire(shard);
    enquire.set_query(query);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    std::optional<NewestKeys> keys;
    if (wanted > 0)
        enquire.set_sort_by_key(&keys.emplace(shard, floor), true);
    Matches matches;
    matches.set = enquire.get_mset(0, bounded(wanted, shard), shard.get_doccount() + 1);
    matches.total = matches.set.get_matches_estimated();
    return matches;
}

Hit hit_of(const Xapian::Document& document)
{
    return decode_hit(document.get_value(card_slot));
}

crypto::ContentId id_in(const Xapian::Document& document)
{
    return id_of(document.get_value(id_prefix_slot), document.get_value(id_rest_slot));
}

Hit hit_without_card(const Xapian::Document& document)
{
    return {.id = id_in(document),
            .date = date_of(document.get_value(date_slot)),
            .size_bytes = size_of(document.get_value(size_slot)),
            .card = {}};
}

/// A match of one shard among those of all.
struct Candidate {
    std::string date;  ///< as the value has it
    Xapian::docid document = 0;
    std::size_t shard = 0;
    Xapian::MSetIterator match;

    /// Newest first; of the same second, as Xapian orders the documents of several databases.
    bool operator<(const Candidate& other) const
    {
        return std::tie(other.date, document, shard) < std::tie(date, other.document, other.shard);
    }
};

}  // namespace

struct Index::State {
    State(std::vector<ShardSource> sources, const Languages& wanted, Repeats may_be)
        : shards(std::move(sources), 0), languages(wanted), repeats(may_be)
    {
    }

    OpenShards shards;
    Languages languages;
    Repeats repeats;
    ReadCounts counts;

    Xapian::Query converted(const Query& query) const
    {
        Vocabulary words(shards.all());
        return xapian_query(query, words, languages);
    }

    Found find_in_all(const Query& query, const FindOptions& options)
    {
        Found found;
        shards.use([&] {
            const Matches matches = matches_of(shards.all(), converted(query), options, repeats);
            found.total = matches.total;
            for (auto match = matches.set.begin(); match != matches.set.end(); ++match)
                found.hits.push_back(hit_of(match.get_document()));
        });
        return found;
    }

    /// Each shard tells its newest matches, and the newest of these are read.
    Found find_in_each(const Query& query, const FindOptions& options)
    {
        std::vector<Xapian::Query> queries;  // one each: they are not for sharing by threads
        shards.use([&] {
            Vocabulary words(shards.all());
            for (std::size_t i = 0; i < shards.size(); ++i)
                queries.push_back(xapian_query(query, words, languages));
        });
        std::vector<Matches> matches(shards.size());
        const std::size_t end =
            options.limit == 0 ? 0  // who only counts needs no dates
                               : options.first + std::min(options.limit, SIZE_MAX - options.first);
        DateFloor floor(std::max<std::size_t>(end, 1));
        shards.use_each([&](std::size_t i, const Xapian::Database& shard) {
            matches[i] = newest_matches(shard, queries[i], end, floor);
        });
        return newest_of(matches, options);
    }

    Found newest_of(const std::vector<Matches>& matches, const FindOptions& options)
    {
        Found found;
        std::vector<Candidate> candidates;
        for (std::size_t i = 0; i < matches.size(); ++i) {
            found.total += matches[i].total;
            for (auto match = matches[i].set.begin(); match != matches[i].set.end(); ++match)
                if (std::string date = match.get_sort_key(); !date.empty())  // not below the floor
                    candidates.push_back({std::move(date), *match, i, match});
        }
        std::sort(candidates.begin(), candidates.end());
        candidates.erase(candidates.begin(),
                         candidates.begin() + static_cast<std::ptrdiff_t>(
                                                  std::min(options.first, candidates.size())));
        candidates.resize(std::min(options.limit, candidates.size()));
        if (candidates.empty())
            return found;
        found.hits.resize(candidates.size());
        shards.use_each([&](std::size_t shard, const Xapian::Database&) {
            for (std::size_t i = 0; i < candidates.size(); ++i)
                if (candidates[i].shard == shard)
                    found.hits[i] = hit_of(candidates[i].match.get_document());
        });
        return found;
    }
};

Index::Index(std::vector<ShardSource> shards, const Languages& languages, Repeats repeats)
{
    ReadCounts counts;
    counts.shards = shards.size();
    for (const ShardSource& shard : shards)
        counts.index_bytes += shard.size_bytes;
    state_ = std::make_unique<State>(std::move(shards), languages, repeats);
    state_->counts = counts;
}

Index::~Index() = default;

Found Index::find(const Query& query, const FindOptions& options) const
{
    return options.sort == Sort::date && state_->repeats == Repeats::none
               ? state_->find_in_each(query, options)
               : state_->find_in_all(query, options);
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
            matches_of(all, state_->converted(query), {.sort = sort, .limit = all.get_doccount()},
                       state_->repeats);
        ids.reserve(matches.set.size());
        for (auto match = matches.set.begin(); match != matches.set.end(); ++match)
            ids.push_back(id_in(match.get_document()));
    });
    return ids;
}

void Index::for_each(const std::function<void(const Hit&)>& visit, bool with_cards) const
{
    IdSet seen;
    state_->shards.use([&] {
        for (const Xapian::Database& shard : state_->shards.each())
            for (auto prefix = shard.valuestream_begin(id_prefix_slot);
                 prefix != shard.valuestream_end(id_prefix_slot); ++prefix) {
                if (!seen.insert(id_prefix_of(*prefix)).second)
                    continue;
                const Xapian::Document document =
                    shard.get_document(prefix.get_docid(), Xapian::DOC_ASSUME_VALID);
                visit(with_cards ? hit_of(document) : hit_without_card(document));
            }
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
