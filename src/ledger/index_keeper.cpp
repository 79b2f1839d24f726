// Indexing what was archived without an index, and merging shards.

#include "mailhold/ledger/index_keeper.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/vault/shard.hpp"

#include "message_texts.hpp"
#include "opening.hpp"
#include "publish.hpp"
#include "shards.hpp"

namespace mailhold::ledger {

namespace {

/// One shard of mail that was indexed later holds about this much, as one of a commit does.
constexpr std::uint64_t shard_raw_bytes = 32 * mebibyte;
/// Cautious: what a slow machine merges in a second.
constexpr std::uint64_t merge_bytes_a_second = 8 * mebibyte;

/// The same of indexing, in bytes of a stored archive.
constexpr std::uint64_t index_bytes_a_second = 1 * mebibyte;

bool fits(std::uint64_t bytes, std::uint64_t bytes_a_second, const Deadline& deadline)
{
    constexpr std::chrono::milliseconds long_enough = std::chrono::hours(24);
    const auto left = static_cast<std::uint64_t>(deadline.left(long_enough).count());
    return bytes <= left * bytes_a_second / 1'000;
}

/// Positions in `shards`.
std::vector<std::size_t> next_merge(const std::vector<catalog::ShardRow>& shards)
{
    std::vector<std::uint64_t> sizes;
    for (const catalog::ShardRow& shard : shards)
        sizes.push_back(shard.length);
    return index::next_merge(sizes);
}

/// Not about the store, the keys or this host: others can still be read.
bool is_about_the_object(ErrorKind kind)
{
    return kind == ErrorKind::damaged || kind == ErrorKind::tampered ||
           kind == ErrorKind::not_found;
}

}  // namespace

struct IndexKeeper::State {
    State(Core& core_, const vault::ReaderKeys& keys_, IndexSettings settings_)
        : core(ready_for_commits(core_)), keys(keys_), settings(std::move(settings_)),
          schema(schema_of(settings.languages)), library(*core.store, keys, *core.catalog),
          texts(settings.threads), run(crypto::random_id<crypto::StreamUid>().hex())
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

    // --- Catching up.

    /// What cannot be read is left out; anything else than its own damage ends the work.
    std::optional<ByteBuffer> readable(const crypto::ContentId& id)
    {
        try {
            return library.message(id);
        } catch (const Error& e) {
            if (!is_about_the_object(e.kind()))
                throw;
            log::warning("{}; it is not indexed", e.what());
            return std::nullopt;
        }
    }

    std::int64_t date_of(const crypto::ContentId& id) const
    {
        for (const catalog::PlacementRow& placement : core.catalog->placements_of(id))
            if (placement.date)
                return placement.date->epoch_seconds;
        return 0;
    }

    /// Returns the raw bytes that were read.
    std::uint64_t index_archive(const crypto::Hash& archive, index::ShardBuilder& builder)
    {
        std::uint64_t raw_bytes = 0;
        // In the order of their bytes, so that each block is opened once.
        for (const crypto::ContentId& id : core.catalog->messages_lying_in(archive)) {
            const auto raw = readable(id);
            if (!raw)
                continue;
            raw_bytes += raw->size();
            builder.add({.id = id,
                         .size_bytes = raw->size(),
                         .fallback_date = date_of(id),
                         .message = texts.of(*raw)});
        }
        return raw_bytes;
    }

    /// Of another schema: nobody searches them once everything is covered anew.
    std::vector<crypto::Hash> outdated_shards(bool everything_is_covered) const
    {
        std::vector<crypto::Hash> outdated;
        if (everything_is_covered)
            for (const catalog::ShardRow& shard : core.catalog->shards())
                if (shard.schema != schema)
                    outdated.push_back(shard.object);
        return outdated;
    }

    bool is_worth_starting(const crypto::Hash& archive, const Deadline& deadline) const
    {
        const auto row = core.catalog->archive(archive);
        return row && fits(row->length, index_bytes_a_second, deadline);
    }

    std::uint64_t catch_up(const Deadline& deadline,
                           const std::function<void(std::uint64_t)>& progress)
    {
        const std::vector<crypto::Hash> waiting = core.catalog->unindexed_archives(schema);
        std::uint64_t done = 0;
        for (auto next = waiting.begin();
             next != waiting.end() && is_worth_starting(*next, deadline);) {
            index::ShardBuilder builder(settings.folder, settings.languages, settings.threads);
            std::vector<crypto::Hash> covers;
            for (std::uint64_t bytes = 0; next != waiting.end() && bytes < shard_raw_bytes &&
                                          is_worth_starting(*next, deadline);
                 ++next) {
                bytes += index_archive(*next, builder);
                covers.push_back(*next);
            }
            const auto shard = builder.finish();
            if (!shard)
                continue;
            done += shard->documents();
            commit(publish_shard(core, *shard, schema, std::move(covers),
                                 outdated_shards(next == waiting.end())));
            if (progress)
                progress(done);
        }
        return done;
    }

    // --- Merging.

    /// Those that tiers would merge next and that will likely be merged before the deadline.
    std::vector<catalog::ShardRow> shards_to_merge(const Deadline& deadline) const
    {
        std::vector<catalog::ShardRow> shards = searched_shards(*core.catalog);
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
            commit(publish_shard(core, merged, schema_of(shards), {covers.begin(), covers.end()},
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
            for (std::uint64_t at = 0; at < source.size_bytes; at += index::chunk_bytes)
                source.read(at / index::chunk_bytes);
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
    Library library;
    MessageTexts texts;
    std::string run;
    std::uint32_t part = 0;
};

bool index_needs_care(const catalog::Catalog& catalog, const IndexSettings& settings)
{
    return !catalog.unindexed_archives(schema_of(settings.languages)).empty() ||
           !next_merge(searched_shards(catalog)).empty();
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
    return state_->catch_up(deadline, progress);
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
