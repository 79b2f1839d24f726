// What an interrupted run left in the store, and what the store has lost.

#include <map>
#include <set>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/vault/archive.hpp"
#include "mailhold/vault/shard.hpp"

#include "opening.hpp"

namespace mailhold::ledger {

namespace {

/// False when it was gone already.
bool remove_object(objects::Store& store, const std::string& name)
{
    try {
        if (!store.find(name))
            return false;
        store.remove(name);
        return true;
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::not_found)
            return false;
        throw;
    }
}

std::map<std::string, std::uint64_t> lengths_in(const objects::Store& store,
                                                const std::string& folder)
{
    std::map<std::string, std::uint64_t> lengths;
    for (objects::ObjectInfo& info : store.list(folder))
        lengths.emplace(std::move(info.name), info.length);
    return lengths;
}

/// This writer's own, which runs no other upload now; and an owner's, who may be at work on another
/// host, a day later.
bool is_abandoned(const Core& core, const objects::ObjectInfo& leftover)
{
    constexpr std::int64_t long_enough_seconds = 24 * 60 * 60;
    if (leftover.name.starts_with("tmp/" + core.kit->writer.hex()))
        return true;
    const bool is_owners =
        leftover.name.starts_with("tmp/root-") || leftover.name.starts_with("tmp/keys-");
    return is_owners && static_cast<std::int64_t>(now()) - leftover.modified > long_enough_seconds;
}

void sweep_unfinished(Core& core)
{
    for (const objects::ObjectInfo& leftover : core.store->list("tmp/"))
        if (is_abandoned(core, leftover) && remove_object(*core.store, leftover.name))
            core.recovery.removed_orphans.push_back(leftover.name);
}

}  // namespace

void sweep_orphans(Core& core)
{
    // A catalog that is behind does not know what its own journal refers to.
    if (!core.kit || core.catalog_is_behind)
        return;
    std::set<std::string> committed;
    const auto expected = core.catalog->expected_objects();
    if (!expected.empty()) {
        for (const catalog::ArchiveRow& archive : core.catalog->archives())
            committed.insert(vault::archive_name(archive.object));
        for (const catalog::ShardRow& shard : core.catalog->known_shards())
            committed.insert(vault::shard_name(shard.object));
    }
    for (const std::string& name : expected)
        if (!committed.contains(name) && remove_object(*core.store, name))
            core.recovery.removed_orphans.push_back(name);
    if (!expected.empty())
        core.catalog->clear_expected_objects();
    sweep_unfinished(core);
}

void find_lost_archives(Core& core)
{
    const auto lengths = lengths_in(*core.store, "archives/");
    std::vector<crypto::Hash> lost;
    for (const catalog::ArchiveRow& archive : core.catalog->archives()) {
        const std::string name = vault::archive_name(archive.object);
        const auto found = lengths.find(name);
        if (archive.forgotten || (found != lengths.end() && found->second == archive.length))
            continue;
        lost.push_back(archive.object);
        core.recovery.lost_archives.push_back(name);
    }
    if (lost.empty())
        return;
    core.catalog->transaction([&] {
        for (const crypto::Hash& object : lost)
            core.catalog->forget_locations(object);
    });
}

void find_lost_shards(Core& core)
{
    const auto lengths = lengths_in(*core.store, "index/");
    for (const catalog::ShardRow& shard : core.catalog->shards()) {
        const std::string name = vault::shard_name(shard.object);
        const auto found = lengths.find(name);
        if (found != lengths.end() && found->second == shard.length)
            continue;
        core.catalog->transaction([&] { core.catalog->forget_shard(shard.object); });
        core.recovery.lost_shards.push_back(name);
    }
}

}  // namespace mailhold::ledger
