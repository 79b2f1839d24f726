// State folder and root log.

#include "opening.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/vault/owner.hpp"

#include "publish.hpp"
#include "settings.hpp"

namespace mailhold::ledger {

namespace {

void take_lock(Core& core)
{
    core.lock = FileLock::try_take(core.state / "lock");
    if (!core.lock)
        throw Error(ErrorKind::locked, "another mailhold is writing to this vault from here",
                    "wait until it has finished, then run the same command again");
}

/// A broken catalog only stands in the way of its own rebuild.
void set_catalog_aside(const Core& core)
{
    const auto aside =
        core.state / fmt::format("catalog.broken-{}.sqlite", static_cast<std::int64_t>(now()));
    std::filesystem::rename(core.catalog_file(), aside);
    for (const char* companion : {"-wal", "-shm"})
        std::filesystem::remove(core.catalog_file().native() + companion);
    log::warning("the catalog cannot be read and was set aside as {}", printable(aside.native()));
}

void open_catalog(Core& core, Ledger::Mode mode)
{
    try {
        core.catalog = std::make_unique<catalog::Catalog>(core.catalog_file());
        return;
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::damaged || mode == Ledger::Mode::read)
            throw;
    }
    set_catalog_aside(core);
    core.catalog = std::make_unique<catalog::Catalog>(core.catalog_file());
}

std::set<std::string> names_in(const objects::Store& store, const std::string& folder)
{
    std::set<std::string> names;
    for (const objects::ObjectInfo& info : store.list(folder))
        names.insert(info.name);
    return names;
}

bool share_a_name(const Core& core, const std::string& folder)
{
    const auto theirs = names_in(*core.store, folder);
    const auto ours = names_in(core.mirror->copies(), folder);
    return std::ranges::any_of(ours,
                               [&](const std::string& name) { return theirs.contains(name); });
}

/// An empty folder is a disk that is not mounted, and one without a common name another vault:
/// neither is healed.
bool is_our_vault(const Core& core)
{
    return share_a_name(core, "root/") || share_a_name(core, "journal/");
}

void heal(Core& core, vault::HealDepth depth)
{
    for (std::string& name : core.mirror->heal(*core.store, depth))
        core.recovery.healed.push_back(std::move(name));
}

std::optional<crypto::SignPublicKey> pinned_root(const Core& core)
{
    if (core.kit)
        return core.kit->root;
    const auto pinned = core.catalog->setting(root_key_setting);
    return pinned ? crypto::SignPublicKey::from_hex(*pinned) : std::nullopt;
}

/// What a writer reads: nothing older than what it has seen, healed where the mirror can.
vault::RootLog root_log_for_writing(Core& core, std::uint64_t seen)
{
    const auto pinned = pinned_root(core);
    if (!core.kit || !is_our_vault(core))
        return vault::read_root_log(*core.store, pinned, seen);
    try {
        heal(core, vault::HealDepth::lengths);
        return vault::read_root_log(*core.store, pinned, seen);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::damaged)
            throw;
    }
    heal(core, vault::HealDepth::bytes);
    return vault::read_root_log(*core.store, pinned, seen);
}

/// What a reader reads: a restore must work from a store that lost something.
vault::RootLog root_log_for_reading(Core& core, std::uint64_t seen)
{
    const auto pinned = pinned_root(core);
    vault::RootLog log;
    try {
        log = vault::read_root_log(*core.store, pinned);
    } catch (const Error& e) {
        const bool lost = e.kind() == ErrorKind::damaged || e.kind() == ErrorKind::not_found;
        if (!lost || !core.mirror || !is_our_vault(core))
            throw;
        core.recovery.rollbacks.push_back(
            fmt::format("the root log cannot be read ({}): this host's copy is used", e.what()));
        log = vault::read_root_log(core.mirror->copies(), pinned);
    }
    if (log.seq < seen)
        core.recovery.rollbacks.push_back(
            fmt::format("the root log ends at entry {}, and {} was seen before", log.seq, seen));
    return log;
}

}  // namespace

void open_state(Core& core, Ledger::Mode mode)
{
    if (!std::filesystem::exists(core.state))
        throw Error(ErrorKind::not_found,
                    fmt::format("there is no state folder {}", printable(core.state.native())),
                    "make a vault with `mailhold init`, or join one with `mailhold writer add`");
    if (mode == Ledger::Mode::write)
        take_lock(core);
    open_catalog(core, mode);
    if (!std::filesystem::exists(core.kit_file()))
        return;
    core.kit = vault::load_writer_kit(core.kit_file());
    core.mirror = std::make_unique<vault::Mirror>(core.state / "mirror");
}

void open_root_log(Core& core, Ledger::Mode mode)
{
    const std::uint64_t seen = number_setting(*core.catalog, root_seq_setting);
    if (mode == Ledger::Mode::read) {
        core.log = root_log_for_reading(core, seen);
    } else {
        core.log = root_log_for_writing(core, seen);
        if (core.kit) {
            core.mirror->follow(*core.store);
            if (vault::refresh_kit(*core.kit, core.log))
                vault::save_writer_kit(core.kit_file(), *core.kit);
        }
    }
    if (core.log.seq <= seen)
        return;
    core.catalog->transaction([&] {
        core.catalog->put_setting(root_key_setting, core.log.root.hex());
        core.catalog->put_setting(root_seq_setting, std::to_string(core.log.seq));
    });
}

Core& ready_for_commits(Core& core)
{
    static_cast<void>(core.writer());
    if (core.catalog_is_behind)
        throw Error(ErrorKind::damaged, "the catalog does not know all of this host's journal",
                    "build it anew with the passphrase: mailhold rebuild");
    settle_outbox(core);
    sweep_orphans(core);
    return core;
}

}  // namespace mailhold::ledger
