// Is the vault whole and untouched?

#include "mailhold/upkeep/check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/vault/shard.hpp"

#include "check_index.hpp"
#include "concerned.hpp"
#include "read_back.hpp"
#include "stored_objects.hpp"
#include "verdict.hpp"

namespace mailhold::upkeep {
namespace {

class Checker {
public:
    Checker(ledger::Ledger& ledger, const CheckOptions& options)
        : ledger_(ledger), store_(ledger.store()), options_(options),
          stored_(ledger.store(), options.progress), concerned_(ledger.catalog())
    {
    }

    CheckReport run()
    {
        report_.with_key = options_.keys != nullptr;
        list();
        check_root();
        check_slots();
        check_chains();
        for (const catalog::ArchiveRow& archive : known_archives_)
            referenced_.try_emplace(archive.object, archive.length);
        check_archives();
        if (options_.keys)
            check_with_keys();
        list_harmless();
        report_.objects += stored_.looked_at();
        count_messages();
        std::stable_sort(
            report_.findings.begin(), report_.findings.end(),
            [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
        return std::move(report_);
    }

private:
    Finding& add(Severity severity, std::string kind, std::string object, std::string detail)
    {
        report_.findings.push_back({.severity = severity,
                                    .kind = std::move(kind),
                                    .object = std::move(object),
                                    .detail = std::move(detail),
                                    .accounts = {},
                                    .messages = {},
                                    .next = next_step(severity)});
        return report_.findings.back();
    }

    /// In this order, as a backup may be running: what is known was published before, so that
    /// nothing is missed that only came later.
    void list()
    {
        known_heads_ = ledger_.catalog().heads();
        known_archives_ = ledger_.catalog().archives();
        journal_ = vault::list_journal(store_);
        stored_.list();
    }

    void check_root()
    {
        const vault::RootLog& log = ledger_.root_log();
        std::set<std::string> known;
        for (const vault::RootEntryName& entry : vault::root_entry_names(log)) {
            known.insert(entry.name);
            if (const auto fault = stored_.fault_of(entry.name, entry.hash, entry.length))
                add_root_fault(*fault, entry.name, "an entry of the root log");
        }
        for (const auto& [name, info] : stored_.listing())
            if (name.starts_with("root/") && !known.contains(name))
                check_unknown_root_object(name, info.length);
        if (const std::uint64_t seen = ledger_.root_entries_seen(); log.seq < seen)
            add_root_fault(
                {Severity::tampering, "rollback"}, "root/",
                fmt::format("the root log ends at entry {}, yet entry {} was seen before", log.seq,
                            seen));
    }

    void add_root_fault(const Fault& fault, const std::string& name, std::string detail)
    {
        Finding& finding = add(fault.severity, fault.kind, name, std::move(detail));
        if (fault.severity == Severity::damage)
            finding.next =
                "`mailhold backup` on a writer puts it back from its mirror; else copy it "
                "back from another copy of the vault";
    }

    /// Bytes that hash to their name were put there on purpose.
    void check_unknown_root_object(const std::string& name, std::uint64_t length)
    {
        const auto hash = crypto::Hash::from_hex(std::string_view(name).substr(
            name.size() - std::min<std::size_t>(name.size(), 2 * crypto::Hash::size)));
        if (hash && !stored_.fault_of(name, *hash, length))
            add(Severity::tampering, "tampered", name, "not an entry of this vault's root log");
        else
            add(Severity::harmless, "stranger", name, "not an entry of the root log");
    }

    void check_slots()
    {
        for (const auto& [id, slot] : ledger_.root_log().slots) {
            const std::string name = "keys/" + slot.object.hex();
            const auto fault = stored_.fault_of(name, slot.object, stored_.length_of(name));
            if (!fault)
                continue;
            Finding& finding = add(fault->severity, fault->kind, name,
                                   "one way to unlock the vault is lost; the others still work");
            finding.next = "`mailhold backup` on a writer puts it back from its mirror; else add a "
                           "new one with "
                           "`mailhold key add` or `mailhold key recovery` and remove this one";
        }
    }

    void check_chains()
    {
        for (const std::string& name : journal_.strangers)
            add(Severity::harmless, "stranger", name, "not a journal entry");
        for (const auto& [writer, info] : ledger_.root_log().writers)
            journal_.chains.try_emplace(writer);
        for (const auto& [writer, entries] : journal_.chains) {
            try {
                check_chain(writer, entries);
            } catch (const Error& e) {
                if (e.kind() != ErrorKind::store_unavailable)
                    throw;
                Finding& finding =
                    add(Severity::unreadable, "unreadable", "journal/" + writer.hex(), e.what());
                concerned_.add_accounts_of(finding, writer);
            }
        }
        check_shards();
    }

    void check_chain(const crypto::WriterId& writer, const std::vector<vault::EntryName>& entries)
    {
        report_.objects += entries.size();
        const vault::CheckedChain chain =
            vault::check_chain(store_, ledger_.root_log(), writer, entries);
        for (const auto& [object, row] : chain.objects)
            if (row.kind == sealed::Kind::shard)
                shards_.emplace(object, row.length);
            else
                referenced_[object] = row.length;
        retired_.insert(chain.retired.begin(), chain.retired.end());
        sound_entries_.insert(sound_entries_.end(), chain.sound.begin(), chain.sound.end());
        for (const vault::ChainFault& fault : chain.faults) {
            const Fault found = fault_of(fault.kind);
            Finding& finding = add(found.severity, found.kind, fault.object, fault.detail);
            if (found.severity != Severity::harmless)
                say_what_the_entry_held(finding, writer);
        }
        check_high_water(writer, entries);
    }

    /// Of any chain: a host may have merged what another one wrote.
    void check_shards()
    {
        for (const auto& [object, length] : shards_) {
            if (retired_.contains(object))
                continue;
            const std::string name = vault::shard_name(object);
            const auto fault = stored_.fault_of(name, object, length);
            if (!fault)
                continue;
            bad_objects_.insert(object);
            Finding& finding = add(fault->severity, fault->kind, name,
                                   "a part of the search index; no mail is lost with it");
            finding.next = "`mailhold rebuild` makes it again from the archives";
        }
    }

    /// What only this entry declared is known to a catalog that applied it, and can be read as long
    /// as that catalog is there.
    void say_what_the_entry_held(Finding& finding, const crypto::WriterId& writer)
    {
        finding.next +=
            "; `mailhold backup` on this chain's own host puts lost entries back from its mirror";
        for (const catalog::ArchiveRow& archive : known_archives_)
            if (archive.writer == writer && !referenced_.contains(archive.object))
                concerned_.add_readable(finding, ledger_.catalog().messages_in(archive.object));
        if (finding.accounts.empty())
            concerned_.add_accounts_of(finding, writer);
    }

    void check_high_water(const crypto::WriterId& writer,
                          const std::vector<vault::EntryName>& entries)
    {
        const auto known = known_heads_.find(writer);
        if (known == known_heads_.end() || known->second.seq == 0)
            return;
        const catalog::Head& head = known->second;
        const std::uint64_t last = entries.empty() ? 0 : entries.back().seq;
        if (last < head.seq) {
            Finding& finding =
                add(Severity::tampering, "rollback", "journal/" + writer.hex(),
                    fmt::format("the journal ends at entry {}, yet entry {} was seen before", last,
                                head.seq));
            say_what_the_entry_held(finding, writer);
        } else if (std::none_of(entries.begin(), entries.end(), [&](const auto& entry) {
                       return entry.seq == head.seq && entry.hash == head.hash;
                   })) {
            Finding& finding =
                add(Severity::tampering, "fork", "journal/" + writer.hex(),
                    fmt::format("entry {} is not the one that was seen before", head.seq));
            say_what_the_entry_held(finding, writer);
        }
    }

    void check_archives()
    {
        std::vector<std::pair<crypto::Hash, Fault>> bad;
        for (const auto& [object, length] : referenced_) {
            const auto fault = stored_.fault_of(vault::archive_name(object), object, length);
            remember(object, !fault);
            if (!fault)
                continue;
            bad_objects_.insert(object);
            bad.emplace_back(object, *fault);
        }
        for (const auto& [object, fault] : bad) {
            Finding& finding = add(fault.severity, fault.kind, vault::archive_name(object), "");
            if (options_.keys)
                narrow_down(finding, object);
            else
                concerned_.add_object(finding, object, bad_objects_);
            finding.detail =
                fmt::format("an archive is {}; {} of its messages {} nowhere else{}", fault.kind,
                            finding.messages.size(), finding.messages.size() == 1 ? "is" : "are",
                            options_.keys ? "" : " (with a key, check tells exactly which)");
        }
    }

    /// With a key each message of a damaged archive is tried: only those in damaged blocks are
    /// lost.
    void narrow_down(Finding& finding, const crypto::Hash& object)
    {
        const std::vector<crypto::ContentId> all = ledger_.catalog().messages_in(object);
        std::vector<crypto::ContentId> ids;
        for (const FailedRead& failed : read_back(ledger_, *options_.keys, all))
            ids.push_back(failed.id);
        concerned_.add_lost(finding, ids);
        lost_.insert(ids.begin(), ids.end());
        finding.messages_elsewhere = all.size() - ids.size();
    }

    void remember(const crypto::Hash& object, bool whole)
    {
        try {
            ledger_.catalog().put_verified(object, whole, now());
        } catch (const Error& e) {  // a read-only state folder does not make the vault worse
            log::debug("cannot remember what check found: {}", e.what());
        }
    }

    void check_with_keys()
    {
        for (const vault::EntryName& entry : sound_entries_) {
            try {
                vault::read_entry(store_, entry, *options_.keys, ledger_.root_log());
            } catch (const Error& e) {
                const Severity severity = severity_of(e.kind());
                Finding& finding =
                    add(severity, std::string(word_for(severity)), entry.name, e.what());
                say_what_the_entry_held(finding, entry.writer);
            }
        }
        if (options_.read_data_percent == 0)
            return;
        read_data();
        std::ranges::move(check_index(ledger_, *options_.keys, bad_objects_),
                          std::back_inserter(report_.findings));
    }

    void read_data()
    {
        for (const crypto::Hash& object : sample_of_archives()) {
            std::vector<crypto::ContentId> messages = ledger_.catalog().messages_in(object);
            // Its parts lie in an archive that is bad, and was told: this one is not to blame.
            std::erase_if(messages, [&](const auto& id) { return lost_.contains(id); });
            report_.read_messages += messages.size();
            for (const FailedRead& failed : read_back(ledger_, *options_.keys, messages)) {
                Finding& finding = report_.findings.emplace_back(finding_of(failed));
                finding.object = vault::archive_name(object);
                concerned_.add_lost(finding, {failed.id});
            }
        }
    }

    /// At least one; drawn anew each time, so that every archive's turn comes.
    std::vector<crypto::Hash> sample_of_archives() const
    {
        std::vector<std::pair<crypto::StreamUid, crypto::Hash>> drawn;
        for (const auto& [object, length] : referenced_)
            if (!bad_objects_.contains(object))
                drawn.emplace_back(crypto::random_id<crypto::StreamUid>(), object);
        std::sort(drawn.begin(), drawn.end());
        drawn.resize((drawn.size() * options_.read_data_percent + 99) / 100);
        std::vector<crypto::Hash> sample;
        for (const auto& [order, object] : drawn)
            sample.push_back(object);
        return sample;
    }

    void list_harmless()
    {
        for (const auto& [name, info] : stored_.listing()) {
            if (name.starts_with("tmp/"))
                add(Severity::harmless, "leftover", name,
                    "an unfinished upload; its writer removes it at its next run, an owner's a day "
                    "later");
            else if (name.starts_with("archives/") && !is_referenced(name))
                add(Severity::harmless, "orphan", name,
                    "an archive no journal entry names, left by an interrupted run; its writer "
                    "removes it");
            else if (name.starts_with("index/") && !is_known_shard(name))
                add(Severity::harmless, "orphan", name,
                    "a part of a search index no journal entry names, left by an interrupted run; "
                    "its writer removes it");
            else if (!belongs_here(name))
                add(Severity::harmless, "stranger", name, "not an object of a vault");
        }
    }

    static std::optional<crypto::Hash> hash_in(const std::string& name)
    {
        return crypto::Hash::from_hex(name.substr(name.rfind('/') + 1));
    }

    bool is_referenced(const std::string& name) const
    {
        const auto hash = hash_in(name);
        return hash && referenced_.contains(*hash);
    }

    bool is_known_shard(const std::string& name) const
    {
        const auto hash = hash_in(name);
        return hash && shards_.contains(*hash);
    }

    static bool belongs_here(const std::string& name)
    {
        static constexpr std::array<std::string_view, 7> folders{
            "root/", "keys/", "archives/", "index/", "journal/", "checkpoints/", "tmp/"};
        return std::any_of(folders.begin(), folders.end(),
                           [&](std::string_view folder) { return name.starts_with(folder); });
    }

    void count_messages()
    {
        std::set<crypto::ContentId> lost;
        for (const Finding& finding : report_.findings)
            lost.insert(finding.messages.begin(), finding.messages.end());
        const std::uint64_t known = ledger_.catalog().totals().messages;
        report_.messages = known - std::min<std::uint64_t>(known, lost.size());
    }

    ledger::Ledger& ledger_;
    objects::Store& store_;
    const CheckOptions& options_;
    StoredObjects stored_;
    Concerned concerned_;
    CheckReport report_;
    std::map<crypto::WriterId, catalog::Head> known_heads_;
    std::vector<catalog::ArchiveRow> known_archives_;
    vault::JournalListing journal_;
    std::map<crypto::Hash, std::uint64_t>
        referenced_;  ///< object -> length, by sound journal entries and by the catalog
    std::map<crypto::Hash, std::uint64_t> shards_;  ///< object -> length, by sound journal entries
    std::set<crypto::Hash> retired_;                ///< shards that others replace
    std::vector<vault::EntryName> sound_entries_;
    std::set<crypto::Hash> bad_objects_;
    std::set<crypto::ContentId> lost_;  ///< with bad archives, when there is a key
};

}  // namespace

CheckReport check(ledger::Ledger& ledger, const CheckOptions& options)
{
    return Checker(ledger, options).run();
}

}  // namespace mailhold::upkeep
