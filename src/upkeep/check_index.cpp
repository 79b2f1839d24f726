// The search index against the archives that it covers.

#include "check_index.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/index/index.hpp"
#include "mailhold/ledger/index_keeper.hpp"
#include "mailhold/vault/shard.hpp"

#include "verdict.hpp"

namespace mailhold::upkeep {

namespace {

constexpr std::string_view index_next = "`mailhold rebuild` makes it again from the archives";

/// How many searched shards hold a message.
using Copies = std::unordered_map<index::IdPrefix, unsigned>;

Finding finding_of(Severity severity, std::string kind, std::string object, std::string detail)
{
    return {.severity = severity,
            .kind = std::move(kind),
            .object = std::move(object),
            .detail = std::move(detail),
            .accounts = {},
            .messages = {},
            .next = std::string(severity == Severity::harmless ? "" : index_next)};
}

void read_whole(const index::ShardSource& shard, Copies& copies)
{
    for (std::size_t chunk = 0; chunk < shard.chunk_count(); ++chunk)
        shard.read(chunk);
    const index::Index opened({shard}, {});
    opened.for_each([&](const index::Hit& hit) { ++copies[index::prefix_of(hit.id)]; }, false);
}

}  // namespace

std::vector<Finding> check_index(ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                                 const std::set<crypto::Hash>& known_bad)
{
    std::vector<Finding> findings;
    Copies copies;
    for (const index::ShardSource& shard : ledger::shard_sources(ledger, keys).sources) {
        if (known_bad.contains(shard.object))
            continue;
        try {
            read_whole(shard, copies);
        } catch (const Error& e) {
            const Severity severity = severity_of(e.kind());
            findings.push_back(finding_of(severity, std::string(word_for(severity)),
                                          vault::shard_name(shard.object), e.what()));
        }
    }
    const catalog::Catalog& catalog = ledger.catalog();
    std::set<crypto::Hash> covered;
    for (const catalog::ShardRow& shard : ledger::searched_shards(catalog))
        covered.insert(shard.covers.begin(), shard.covers.end());
    std::uint64_t missing = 0;
    for (const crypto::Hash& archive : covered)
        for (const catalog::LyingMessage& message : catalog.messages_lying_in(archive))
            missing += copies.contains(index::prefix_of(message.id)) ? 0 : 1;
    // A broken shard has said so already.
    if (missing > 0 && findings.empty() && known_bad.empty())
        findings.push_back(finding_of(
            Severity::damage, "unsearchable", "index/",
            fmt::format("{} archived messages are in no part of the index that should hold them",
                        missing)));
    const auto twice =
        std::ranges::count_if(copies, [](const auto& copy) { return copy.second > 1; });
    if (twice > 0)
        findings.push_back(finding_of(
            Severity::harmless, "duplicate", "index/",
            fmt::format("{} messages are in two parts of the index; a search shows them once",
                        twice)));
    return findings;
}

}  // namespace mailhold::upkeep
