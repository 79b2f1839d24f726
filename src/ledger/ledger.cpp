// Opening a ledger, and its small questions.

#include "mailhold/ledger/ledger.hpp"

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/crypto/secret.hpp"

#include "core.hpp"
#include "opening.hpp"
#include "settings.hpp"

namespace mailhold::ledger {

Ledger::Ledger(const Paths& paths, Mode mode)
    : Ledger(objects::open_local_folder(paths.vault, false), paths.state, mode)
{
}

Ledger::Ledger(std::unique_ptr<objects::Store> store, const std::filesystem::path& state, Mode mode)
    : state_(std::make_unique<State>())
{
    crypto::initialise();
    Core& core = state_->core;
    core.state = state;
    core.store = std::move(store);
    open_state(core, mode);
    open_root_log(core, mode);
    if (mode == Mode::write) {
        if (core.kit)
            settle_own_chain(core);
        sweep_orphans(core);
        find_lost_archives(core);
        find_lost_shards(core);
    }
    look_at_other_chains(core, mode);
}

Ledger::~Ledger() = default;

const Recovery& Ledger::recovery() const
{
    return state_->core.recovery;
}

objects::Store& Ledger::store()
{
    return *state_->core.store;
}

std::uint64_t Ledger::root_entries_seen() const
{
    return number_setting(*state_->core.catalog, root_seq_setting);
}

const vault::RootLog& Ledger::root_log() const
{
    return state_->core.log;
}

const vault::WriterKit& Ledger::kit() const
{
    return state_->core.writer();
}

bool Ledger::is_writer() const
{
    return state_->core.kit.has_value();
}

bool Ledger::may_keep(const catalog::AccountRow& account) const
{
    if (account.writer == kit().writer)
        return true;
    const auto writer = root_log().writers.find(account.writer);
    return writer != root_log().writers.end() && writer->second.revoked_after_seq.has_value();
}

catalog::Catalog& Ledger::catalog()
{
    return *state_->core.catalog;
}

const catalog::Catalog& Ledger::catalog() const
{
    return *state_->core.catalog;
}

std::optional<catalog::Head> Ledger::head() const
{
    return catalog().head(kit().writer);
}

bool Ledger::needs_rebuild() const
{
    return state_->core.catalog_is_behind;
}

void Ledger::reload_root_log()
{
    open_root_log(state_->core, Mode::write);
}

}  // namespace mailhold::ledger
