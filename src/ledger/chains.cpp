// Other writers' chains: their heads remembered, their entries read into the catalog; and the
// catalog built anew from all chains.

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"

#include "apply.hpp"
#include "opening.hpp"
#include "settings.hpp"

namespace mailhold::ledger {

namespace {

using Progress = std::function<void(std::size_t done, std::size_t total)>;

std::string short_id(const crypto::WriterId& writer)
{
    return writer.hex().substr(0, 12);
}

/// Whether the newest entry is what its name says and signed by its writer; reads that entry only.
bool is_genuine(const Core& core, const vault::EntryName& entry)
{
    const auto writer = core.log.writers.find(entry.writer);
    if (writer == core.log.writers.end() || writer->second.revoked_after_seq)
        return false;
    try {
        const ByteBuffer file = core.store->get(entry.name, vault::journal_file_limit_bytes);
        if (crypto::hash(file) != entry.hash)
            return false;
        const sealed::Header header = sealed::decode_header(file);
        sealed::verify_entry_signature(file, writer->second.key);
        return header.vault == core.log.vault && header.writer == entry.writer &&
               header.seq == entry.seq;
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::store_unavailable)
            throw;
        return false;  // `check` says what is wrong with it
    }
}

/// Looks at chains that a catalog or a mark of ours knows, and at those the store has.
class HeadWatch {
public:
    HeadWatch(Core& core, bool may_verify) : core_(core), may_verify_(may_verify) {}

    void run()
    {
        auto listing = vault::list_journal(*core_.store);
        for (const auto& [writer, info] : core_.log.writers)
            if (!core_.kit || writer != core_.kit->writer)
                look_at(writer, listing.chains[writer]);
    }

private:
    void look_at(const crypto::WriterId& writer, const std::vector<vault::EntryName>& entries)
    {
        std::optional<catalog::Head> known = seen_head(*core_.catalog, writer);
        const auto applied = core_.catalog->head(writer);
        if (applied && (!known || applied->seq > known->seq))
            known = applied;
        const std::uint64_t last = entries.empty() ? 0 : entries.back().seq;
        if (known && last < known->seq)
            core_.recovery.rollbacks.push_back(
                fmt::format("the journal of writer {} ends at entry {}, and {} was seen before",
                            short_id(writer), last, known->seq));
        if (may_verify_ && last > (known ? known->seq : 0) && is_genuine(core_, entries.back())) {
            known = {.seq = last, .hash = entries.back().hash};
            put_seen_head(*core_.catalog, writer, *known);
        }
        if (known)
            core_.seen.push_back({.writer = writer, .seq = known->seq, .hash = known->hash});
    }

    Core& core_;
    bool may_verify_;
};

/// Reads entries of one chain into a catalog.
class ChainReader {
public:
    ChainReader(const Core& core, const vault::ReaderKeys& keys, catalog::Catalog& target)
        : core_(core), keys_(keys), target_(target)
    {
    }

    /// Entries beyond `after` that check_chain() finds sound. Returns how many were applied.
    std::size_t read(const crypto::WriterId& writer, const std::vector<vault::EntryName>& entries,
                     std::uint64_t after, const std::function<void()>& applied)
    {
        const vault::CheckedChain chain =
            vault::check_chain(*core_.store, core_.log, writer, entries);
        for (const vault::ChainFault& fault : chain.faults)
            log::warning("{}: {}", fault.object, fault.detail);
        std::size_t count = 0;
        for (const vault::EntryName& name : chain.sound) {
            if (name.seq <= after)
                continue;
            count += apply_or_warn(name) ? 1 : 0;
            applied();
        }
        return count;
    }

private:
    /// One broken entry leaves the others worth reading; `check` reports it in full.
    bool apply_or_warn(const vault::EntryName& name)
    {
        try {
            apply_entry(name);
            return true;
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::damaged && e.kind() != ErrorKind::tampered &&
                e.kind() != ErrorKind::malformed)
                throw;
            log::warning("left out: {}", e.what());
            return false;
        }
    }

    void apply_entry(const vault::EntryName& name)
    {
        const vault::JournalEntry entry = vault::read_entry(*core_.store, name, keys_, core_.log);
        target_.transaction([&] {
            apply(target_, name.writer, entry.info, entry.events);
            target_.put_head(name.writer, {name.seq, name.hash}, name.length);
        });
    }

    const Core& core_;
    const vault::ReaderKeys& keys_;
    catalog::Catalog& target_;
};

/// What was written by hand and not by the journal goes on: marks, verified archives, names of
/// objects that were about to be published. Cursors do not: after a rebuild they are not believed.
void carry_over(const catalog::Catalog& from, catalog::Catalog& to)
{
    to.transaction([&] {
        for (const auto& [key, value] : from.settings())
            to.put_setting(key, value);
        for (const std::string& name : from.expected_objects())
            to.put_expected_object(name);
    });
}

void remove_database(const std::filesystem::path& file)
{
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
        std::filesystem::remove(file.native() + suffix);
}

/// Own entries that the mirror lost come back into it.
void complete_mirror(Core& core, const std::vector<vault::EntryName>& own)
{
    for (const vault::EntryName& entry : own)
        if (!core.mirror->copies().find(entry.name))
            core.mirror->keep(entry.name,
                              core.store->get(entry.name, vault::journal_file_limit_bytes));
}

/// The own chain comes last: what it says of an account's writer counts here.
std::vector<crypto::WriterId> reading_order(const Core& core, const vault::JournalListing& listing)
{
    std::vector<crypto::WriterId> order;
    for (const auto& [writer, entries] : listing.chains)
        if (!core.kit || writer != core.kit->writer)
            order.push_back(writer);
    if (core.kit && listing.chains.contains(core.kit->writer))
        order.push_back(core.kit->writer);
    return order;
}

void build_from_journal(Core& core, const vault::ReaderKeys& keys, catalog::Catalog& fresh,
                        const Progress& progress)
{
    const vault::JournalListing listing = vault::list_journal(*core.store);
    std::size_t total = 0;
    for (const auto& [writer, entries] : listing.chains)
        total += entries.size();
    std::size_t done = 0;
    ChainReader reader(core, keys, fresh);
    for (const crypto::WriterId& writer : reading_order(core, listing))
        reader.read(writer, listing.chains.at(writer), 0, [&] {
            if (progress)
                progress(++done, total);
        });
    if (core.kit && listing.chains.contains(core.kit->writer))
        complete_mirror(core, listing.chains.at(core.kit->writer));
}

}  // namespace

void look_at_other_chains(Core& core, Ledger::Mode mode)
{
    core.seen.clear();
    HeadWatch(core, mode == Ledger::Mode::write).run();
}

std::size_t Ledger::follow_other_writers(const vault::ReaderKeys& keys)
{
    Core& core = state_->core;
    ChainReader reader(core, keys, *core.catalog);
    std::size_t count = 0;
    for (const auto& [writer, entries] : vault::list_journal(*core.store).chains) {
        const std::uint64_t applied = core.catalog->head(writer).value_or(catalog::Head{}).seq;
        if ((core.kit && writer == core.kit->writer) || entries.back().seq <= applied)
            continue;
        count += reader.read(writer, entries, applied, [] {});
    }
    return count;
}

void Ledger::rebuild_catalog(const vault::ReaderKeys& keys, const Progress& progress)
{
    Core& core = state_->core;
    const auto beside = core.state / "catalog.rebuild.sqlite";
    remove_database(beside);
    if (core.mirror)
        for (std::string& name : core.mirror->heal(*core.store, vault::HealDepth::bytes))
            core.recovery.healed.push_back(std::move(name));
    {
        catalog::Catalog fresh(beside);
        build_from_journal(core, keys, fresh, progress);
        carry_over(*core.catalog, fresh);
    }
    core.catalog->replace_by(beside);
    remove_database(beside);
    if (core.kit)
        settle_own_chain(core);
    sweep_orphans(core);
    find_lost_archives(core);
}

}  // namespace mailhold::ledger
