// One thread reads archives and takes messages apart, the builder's index them, one more finishes
// the shard before.

#include "catch_up.hpp"

#include <future>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"

#include "index_budget.hpp"
#include "shards.hpp"

namespace mailhold::ledger {

namespace {

/// Cautious: what a slow machine indexes in a second, in bytes of a stored archive.
constexpr std::uint64_t index_bytes_a_second = 1 * mebibyte;

}  // namespace

CatchUp::CatchUp(Core& core, const vault::ReaderKeys& keys, const IndexSettings& settings,
                 std::uint64_t schema, Commit commit)
    : core_(core), settings_(settings), schema_(schema), commit_(std::move(commit)),
      library_(*core.store, keys, *core.catalog), texts_(settings.threads)
{
}

std::uint64_t CatchUp::run(const Deadline& deadline,
                           const std::function<void(std::uint64_t)>& progress)
{
    const Archives waiting = core_.catalog->unindexed_archives(schema_);
    std::uint64_t done = 0;
    std::future<std::uint64_t> finishing;
    const auto settle = [&] {
        if (!finishing.valid())
            return;
        done += finishing.get();
        if (progress)
            progress(done);
    };
    for (auto next = waiting.begin();
         next != waiting.end() && is_worth_starting(*next, deadline);) {
        Batch batch = read_batch(next, waiting.end(), deadline);
        settle();
        finishing = std::async(
            std::launch::async, [this](const Batch& read) { return finish(read); },
            std::move(batch));
    }
    settle();
    return done;
}

bool CatchUp::is_worth_starting(const crypto::Hash& archive, const Deadline& deadline) const
{
    const auto row = core_.catalog->archive(archive);
    return row && fits(row->length, index_bytes_a_second, deadline);
}

CatchUp::Batch CatchUp::read_batch(Archives::const_iterator& next, Archives::const_iterator end,
                                   const Deadline& deadline)
{
    Batch batch;
    batch.builder = std::make_unique<index::ShardBuilder>(settings_.folder, settings_.languages,
                                                          settings_.threads);
    for (std::uint64_t bytes = 0;
         next != end && bytes < settings_.shard_raw_bytes && is_worth_starting(*next, deadline);
         ++next) {
        bytes += read_archive(*next, *batch.builder);
        batch.covers.push_back(*next);
    }
    batch.builder->close();
    batch.is_last = next == end;
    return batch;
}

/// Returns the raw bytes that were read.
std::uint64_t CatchUp::read_archive(const crypto::Hash& archive, index::ShardBuilder& builder)
{
    std::uint64_t raw_bytes = 0;
    // In the order of their bytes, so that each block is opened once.
    for (const catalog::LyingMessage& message : core_.catalog->messages_lying_in(archive)) {
        const auto raw = readable(message);
        if (!raw)
            continue;
        raw_bytes += raw->size();
        builder.add(entry_of(message.id, *raw));
    }
    return raw_bytes;
}

/// What cannot be read is left out; anything else than its own damage ends the work.
std::optional<ByteBuffer> CatchUp::readable(const catalog::LyingMessage& message)
{
    try {
        return library_.message(message);
    } catch (const Error& e) {
        if (!is_about_the_object(e.kind()))
            throw;
        log::warning("{}; it is not indexed", e.what());
        return std::nullopt;
    }
}

index::Entry CatchUp::entry_of(const crypto::ContentId& id, Bytes raw)
{
    mail::Searchable message = texts_.of(raw);
    const std::int64_t fallback_date = message.date ? 0 : date_of(id);
    return {.id = id,
            .size_bytes = raw.size(),
            .fallback_date = fallback_date,
            .message = std::move(message)};
}

/// When the server got it.
std::int64_t CatchUp::date_of(const crypto::ContentId& id) const
{
    for (const catalog::PlacementRow& placement : core_.catalog->placements_of(id))
        if (placement.date)
            return placement.date->epoch_seconds;
    return 0;
}

/// Returns how many messages became searchable.
std::uint64_t CatchUp::finish(const Batch& batch)
{
    const auto shard = batch.builder->finish();
    if (!shard)
        return 0;
    commit_(publish_shard(core_, *shard, schema_, batch.covers,
                          batch.is_last ? outdated_shards() : Archives()));
    return shard->documents();
}

/// Of another schema: nobody searches them once everything is covered anew.
std::vector<crypto::Hash> CatchUp::outdated_shards() const
{
    std::vector<crypto::Hash> outdated;
    for (const catalog::ShardRow& shard : core_.catalog->shards())
        if (shard.schema != schema_)
            outdated.push_back(shard.object);
    return outdated;
}

}  // namespace mailhold::ledger
