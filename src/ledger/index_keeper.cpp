// Merging and sweeping shards; what waits to be indexed is for CatchUp.

#include "mailhold/ledger/index_keeper.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/vault/shard.hpp"

#include "catch_up.hpp"
#include "index_budget.hpp"
#include "opening.hpp"
#include "publish.hpp"
#include "shards.hpp"

namespace mailhold::ledger {

namespace {

/// Cautious: what a slow machine merges in a second.
constexpr std::uint64_t merge_bytes_a_second = 8 * mebibyte;

/// Positions in `shards`.
std::vector<std::size_t> next_merge(const std::vector<catalog::ShardRow>& shards)
{
    std::vector<std::uint64_t> sizes;
    for (const catalog::ShardRow& shard : shards)
        sizes.push_back(shard.length);
    return index::next_merge(sizes);
}

}  // namespace

struct IndexKeeper::State {
    State(Core& core_, const vault::ReaderKeys& keys_, IndexSettings settings_)
        : core(ready_for_commits(core_)), keys(keys_), settings(std::move(settings_)),
          schema(schema_of(settings.languages)), run(crypto::random_id<crypto::StreamUid>().hex())
    {
    }

    void commit(vault::ShardAdded shard)
    {
        EntryContent content{
            .info = {.time = now(), .run = run, .part = ++part}, .events = {}, .cursors = {}};
        vault::EntryDraft draft(content.info);
        content.events.emplace_back(std::move(shard));
        draft.add(content.events.back());
        publish_entry(core, draft, content);
    }

    // --- Merging.

    /// Those that tiers would merge next and that will likely be merged before the deadline.
    std::vector<catalog::ShardRow> shards_to_merge(const Deadline& deadline) const
    {
        std::vector<catalog::ShardRow> shards = core.catalog->shards();
        // Those with stems of other languages may hold the same messages.
        std::erase_if(shards, [&](const catalog::ShardRow& row) { return row.schema != schema; });
        std::vector<catalog::ShardRow> chosen;
        std::uint64_t bytes = 0;
        for (const std::size_t position : next_merge(shards)) {
            bytes += shards[position].length;
            chosen.push_back(std::move(shards[position]));
        }
        if (!fits(bytes, merge_bytes_a_second, deadline))
            chosen.clear();
        return chosen;
    }

    /// False when one of them turned out to be damaged: it is forgotten, and its mail waits to be
    /// indexed again.
    bool merge(const std::vector<catalog::ShardRow>& shards)
    {
        std::vector<index::ShardSource> sources;
        std::set<crypto::Hash> covers;
        std::vector<crypto::Hash> replaces;
        for (const catalog::ShardRow& shard : shards) {
            sources.push_back(shard_source(core, keys, shard));
            covers.insert(shard.covers.begin(), shard.covers.end());
            replaces.push_back(shard.object);
        }
        try {
            const index::FinishedShard merged = index::merge(sources);
            commit(publish_shard(core, merged, schema, {covers.begin(), covers.end()},
                                 std::move(replaces)));
            return true;
        } catch (const Error& e) {
            if (!is_about_the_object(e.kind()))
                throw;
            if (forget_unreadable(shards) == 0)
                throw;
            return false;
        }
    }

    /// Returns how many.
    std::size_t forget_unreadable(const std::vector<catalog::ShardRow>& shards)
    {
        std::size_t forgotten = 0;
        for (const catalog::ShardRow& shard : shards) {
            if (is_readable(shard_source(core, keys, shard)))
                continue;
            log::warning("{} cannot be read, a part of the search index: it is made again",
                         vault::shard_name(shard.object));
            core.catalog->transaction([&] { core.catalog->forget_shard(shard.object); });
            ++forgotten;
        }
        return forgotten;
    }

    static bool is_readable(const index::ShardSource& source)
    {
        try {
            for (std::size_t chunk = 0; chunk < source.chunk_count(); ++chunk)
                source.read(chunk);
            return true;
        } catch (const Error& e) {
            if (!is_about_the_object(e.kind()))
                throw;
            return false;
        }
    }

    std::size_t merge_while_worth_it(const Deadline& deadline)
    {
        std::size_t merged = 0;
        while (!deadline.passed()) {
            const std::vector<catalog::ShardRow> shards = shards_to_merge(deadline);
            if (shards.empty() || !merge(shards))
                break;
            merged += shards.size();
        }
        return merged;
    }

    // --- Sweeping.

    bool may_go(const catalog::ShardRow& shard) const
    {
        constexpr std::int64_t stays_seconds =
            std::chrono::duration_cast<std::chrono::seconds>(replaced_shard_stays).count();
        return shard.writer == core.writer().writer && shard.replaced_since &&
               static_cast<std::int64_t>(now()) - static_cast<std::int64_t>(*shard.replaced_since) >
                   stays_seconds;
    }

    std::size_t sweep()
    {
        std::size_t removed = 0;
        for (const catalog::ShardRow& shard : core.catalog->known_shards()) {
            if (!may_go(shard))
                continue;
            const std::string name = vault::shard_name(shard.object);
            if (core.store->find(name))
                core.store->remove(name);
            core.catalog->transaction([&] { core.catalog->drop_shard(shard.object); });
            ++removed;
        }
        return removed;
    }

    Core& core;
    const vault::ReaderKeys& keys;
    IndexSettings settings;
    std::uint64_t schema;
    std::string run;
    std::uint32_t part = 0;
};

bool index_needs_care(const catalog::Catalog& catalog, const IndexSettings& settings)
{
    const std::uint64_t schema = schema_of(settings.languages);
    // Without their block tables, which are large: this stands behind every search.
    std::vector<catalog::ShardRow> searched = catalog.known_shards();
    std::erase_if(searched, [&](const catalog::ShardRow& shard) {
        return shard.lost || shard.replaced_since || shard.schema != schema;
    });
    return !catalog.unindexed_archives(schema).empty() || !next_merge(searched).empty();
}

IndexKeeper::IndexKeeper(Ledger& ledger, const vault::ReaderKeys& keys,
                         const IndexSettings& settings)
    : state_(std::make_unique<State>(ledger.state_->core, keys, settings))
{
}

IndexKeeper::~IndexKeeper() = default;

std::uint64_t IndexKeeper::catch_up(const Deadline& deadline,
                                    const std::function<void(std::uint64_t)>& progress)
{
    CatchUp catching(state_->core, state_->keys, state_->settings, state_->schema,
                     [this](vault::ShardAdded shard) { state_->commit(std::move(shard)); });
    return catching.run(deadline, progress);
}

std::size_t IndexKeeper::forget_unreadable()
{
    return state_->forget_unreadable(state_->core.catalog->shards());
}

std::size_t IndexKeeper::merge(const Deadline& deadline)
{
    return state_->merge_while_worth_it(deadline);
}

std::size_t IndexKeeper::sweep()
{
    return state_->sweep();
}

}  // namespace mailhold::ledger
