// What an interrupted run left in the store, and what the store has lost.

#include <map>
#include <set>

#include "mailhold/base/error.hpp"
#include "mailhold/vault/archive.hpp"

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

}  // namespace

void sweep_orphans(Core& core)
{
    // A catalog that is behind does not know what its own journal refers to.
    if (!core.kit || core.catalog_is_behind)
        return;
    std::set<std::string> committed;
    const auto expected = core.catalog->expected_objects();
    if (!expected.empty())
        for (const catalog::ArchiveRow& archive : core.catalog->archives())
            committed.insert(vault::archive_name(archive.object));
    for (const std::string& name : expected)
        if (!committed.contains(name) && remove_object(*core.store, name))
            core.recovery.removed_orphans.push_back(name);
    if (!expected.empty())
        core.catalog->clear_expected_objects();
    for (const objects::ObjectInfo& leftover : core.store->list("tmp/"))
        if (leftover.name.starts_with("tmp/" + core.kit->writer.hex()) &&
            remove_object(*core.store, leftover.name))
            core.recovery.removed_orphans.push_back(leftover.name);
}

void find_lost_archives(Core& core)
{
    std::map<std::string, std::uint64_t> lengths;
    for (objects::ObjectInfo& info : core.store->list("archives/"))
        lengths.emplace(std::move(info.name), info.length);
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

}  // namespace mailhold::ledger
