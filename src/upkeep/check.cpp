// Is the vault whole and untouched?

#include "mailhold/upkeep/check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"

#include "concerned.hpp"
#include "read_back.hpp"

namespace mailhold::upkeep {
namespace {

constexpr std::uint64_t read_piece_bytes = 4 * mebibyte;

Severity severity_of(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::tampered:
        return Severity::tampering;
    case ErrorKind::store_unavailable:
        return Severity::unreadable;
    case ErrorKind::too_new:
        return Severity::too_new;
    default:
        return Severity::damage;
    }
}

std::string_view word_for(Severity severity)
{
    switch (severity) {
    case Severity::tampering:
        return "tampered";
    case Severity::unreadable:
        return "unreadable";
    case Severity::too_new:
        return "too-new";
    case Severity::damage:
        return "damaged";
    case Severity::harmless:
        break;
    }
    return "harmless";
}

std::pair<Severity, std::string> describe(vault::ChainFaultKind kind)
{
    using enum vault::ChainFaultKind;
    switch (kind) {
    case missing:
        return {Severity::damage, "missing"};
    case damaged:
        return {Severity::damage, "damaged"};
    case fork:
        return {Severity::tampering, "fork"};
    case uncertified:
        return {Severity::tampering, "uncertified"};
    case after_revocation:
        return {Severity::harmless, "after-revocation"};
    case too_new:
        return {Severity::too_new, "too-new"};
    case tampered:
        break;
    }
    return {Severity::tampering, "tampered"};
}

std::string next_step(Severity severity)
{
    switch (severity) {
    case Severity::damage:
        return "copy the object back from another copy of the vault if there is one; else run "
               "`mailhold backup`, "
               "which fetches again what the servers still have, and check again";
    case Severity::tampering:
        return "stop writing to this store; compare it with another copy and find out who changed "
               "it; the sound "
               "part can still be exported";
    case Severity::unreadable:
        return "find out why the store cannot be read (disk, network, permissions), then check "
               "again";
    case Severity::too_new:
        return "use the newer mailhold that wrote it";
    case Severity::harmless:
        break;
    }
    return {};
}

class Checker {
public:
    Checker(ledger::Ledger& ledger, const CheckOptions& options)
        : ledger_(ledger), store_(ledger.store()), options_(options), concerned_(ledger.catalog())
    {
    }

    CheckReport run()
    {
        report_.with_key = options_.keys != nullptr;
        list();
        check_slots();
        check_chains();
        check_archives();
        if (options_.keys)
            check_with_keys();
        list_harmless();
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

    void list()
    {
        for (const objects::ObjectInfo& info : store_.list("")) {
            all_bytes_ += info.length;
            objects_[info.name] = info;
        }
    }

    /// True when the object's bytes hash to `expected`; else `why` says what is wrong.
    bool is_whole(const std::string& name, const crypto::Hash& expected, std::uint64_t length,
                  std::pair<Severity, std::string>& why)
    {
        ++report_.objects;
        const auto found = objects_.find(name);
        if (found == objects_.end()) {
            why = {Severity::damage, "missing"};
            return false;
        }
        if (found->second.length != length) {
            why = {Severity::damage, found->second.length < length ? "truncated" : "damaged"};
            return false;
        }
        try {
            if (hash_of(name, length) == expected)
                return true;
            why = {Severity::damage, "damaged"};
        } catch (const Error& e) {
            const Severity severity = severity_of(e.kind());
            why = {severity, std::string(word_for(severity))};
        }
        return false;
    }

    crypto::Hash hash_of(const std::string& name, std::uint64_t length)
    {
        crypto::Hasher hasher;
        for (std::uint64_t offset = 0; offset < length; offset += read_piece_bytes) {
            const std::uint64_t piece = std::min(read_piece_bytes, length - offset);
            hasher.add(store_.get_range(name, offset, piece));
            done_bytes_ += piece;
            if (options_.progress)
                options_.progress(done_bytes_, all_bytes_);
        }
        return hasher.finish();
    }

    void check_slots()
    {
        for (const auto& [id, slot] : ledger_.root_log().slots) {
            const std::string name = "keys/" + slot.object.hex();
            const auto found = objects_.find(name);
            std::pair<Severity, std::string> why;
            if (is_whole(name, slot.object, found == objects_.end() ? 0 : found->second.length,
                         why))
                continue;
            Finding& finding = add(why.first, why.second, name,
                                   "one way to unlock the vault is lost; the others still work");
            finding.next = "`mailhold backup` on a writer puts it back from its mirror; else add a "
                           "new one with "
                           "`mailhold key add` or `mailhold key recovery` and remove this one";
        }
    }

    void check_chains()
    {
        const vault::JournalListing listing = vault::list_journal(store_);
        std::map<crypto::WriterId, std::vector<vault::EntryName>> chains = listing.chains;
        for (const auto& [writer, info] : ledger_.root_log().writers)
            chains.try_emplace(writer);
        for (const auto& [writer, entries] : chains)
            check_chain(writer, entries);
    }

    void check_chain(const crypto::WriterId& writer, const std::vector<vault::EntryName>& entries)
    {
        report_.objects += entries.size();
        const vault::CheckedChain chain =
            vault::check_chain(store_, ledger_.root_log(), writer, entries);
        for (const auto& [object, row] : chain.objects)
            referenced_[object] = row.length;
        sound_entries_.insert(sound_entries_.end(), chain.sound.begin(), chain.sound.end());
        for (const vault::ChainFault& fault : chain.faults) {
            const auto [severity, kind] = describe(fault.kind);
            Finding& finding = add(severity, kind, fault.object, fault.detail);
            if (severity != Severity::harmless)
                say_what_the_entry_held(finding, writer);
        }
        check_high_water(writer, chain, entries);
    }

    /// What only this entry declared is known to a catalog that applied it.
    void say_what_the_entry_held(Finding& finding, const crypto::WriterId& writer)
    {
        finding.next +=
            "; `mailhold backup` on this chain's own host puts lost entries back from its mirror";
        for (const catalog::ArchiveRow& archive : ledger_.catalog().archives())
            if (archive.writer == writer && !archive.forgotten &&
                !referenced_.contains(archive.object))
                concerned_.add_object(finding, archive.object, {archive.object});
        if (finding.accounts.empty())
            concerned_.add_accounts_of(finding, writer);
    }

    void check_high_water(const crypto::WriterId& writer, const vault::CheckedChain& chain,
                          const std::vector<vault::EntryName>& entries)
    {
        const auto head = ledger_.catalog().head(writer);
        const std::uint64_t last = entries.empty() ? 0 : entries.back().seq;
        if (!head || last >= head->seq || !chain.faults.empty())
            return;
        Finding& finding =
            add(Severity::tampering, "rollback", "journal/" + writer.hex(),
                fmt::format("the journal ends at entry {}, yet entry {} was seen before", last,
                            head->seq));
        say_what_the_entry_held(finding, writer);
    }

    void check_archives()
    {
        std::vector<std::pair<crypto::Hash, std::pair<Severity, std::string>>> bad;
        for (const auto& [object, length] : referenced_) {
            std::pair<Severity, std::string> why;
            const bool whole = is_whole(vault::archive_name(object), object, length, why);
            remember(object, whole);
            if (whole)
                continue;
            bad_objects_.insert(object);
            bad.emplace_back(object, why);
        }
        for (const auto& [object, why] : bad) {
            Finding& finding = add(why.first, why.second, vault::archive_name(object), "");
            if (options_.keys)
                narrow_down(finding, object);
            else
                concerned_.add_object(finding, object, bad_objects_);
            finding.detail =
                fmt::format("an archive is {}; {} of its messages {} nowhere else{}", why.second,
                            finding.messages.size(), finding.messages.size() == 1 ? "is" : "are",
                            options_.keys ? "" : " (with a key, check tells exactly which)");
        }
    }

    /// With a key each message of a damaged archive is tried: only those in damaged blocks are
    /// lost.
    void narrow_down(Finding& finding, const crypto::Hash& object)
    {
        const std::vector<crypto::ContentId> all = ledger_.catalog().messages_in(object);
        const std::vector<FailedRead> lost = read_back(ledger_, *options_.keys, all);
        std::vector<crypto::ContentId> ids;
        for (const FailedRead& failed : lost)
            ids.push_back(failed.id);
        concerned_.add_messages(finding, ids, bad_objects_);
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
        if (options_.read_data_percent > 0)
            read_data();
    }

    void read_data()
    {
        for (const crypto::Hash& object : sample_of_archives()) {
            const std::vector<crypto::ContentId> messages = ledger_.catalog().messages_in(object);
            report_.read_messages += messages.size();
            for (const FailedRead& failed : read_back(ledger_, *options_.keys, messages)) {
                const Severity severity = severity_of(failed.kind);
                Finding& finding = add(severity, std::string(word_for(severity)),
                                       vault::archive_name(object), failed.why);
                concerned_.add_messages(finding, {failed.id}, {object});
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
        for (const auto& [name, info] : objects_) {
            if (name.starts_with("tmp/"))
                add(Severity::harmless, "leftover", name,
                    "an unfinished upload; its writer removes it at its next run");
            else if (name.starts_with("archives/") && !is_referenced(name))
                add(Severity::harmless, "orphan", name,
                    "an archive no journal entry names, left by an interrupted run; its writer "
                    "removes it");
            else if (!belongs_here(name))
                add(Severity::harmless, "stranger", name, "not an object of a vault");
        }
    }

    bool is_referenced(const std::string& name) const
    {
        const auto hash = crypto::Hash::from_hex(name.substr(name.rfind('/') + 1));
        return hash && referenced_.contains(*hash);
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
    Concerned concerned_;
    CheckReport report_;
    std::map<std::string, objects::ObjectInfo> objects_;
    std::map<crypto::Hash, std::uint64_t>
        referenced_;  ///< object -> length, by sound journal entries
    std::vector<vault::EntryName> sound_entries_;
    std::set<crypto::Hash> bad_objects_;
    std::uint64_t done_bytes_ = 0;
    std::uint64_t all_bytes_ = 0;
};

}  // namespace

CheckReport check(ledger::Ledger& ledger, const CheckOptions& options)
{
    return Checker(ledger, options).run();
}

CheckReport unopenable(const Error& error)
{
    CheckReport report;
    const Severity severity = severity_of(error.kind());
    report.findings.push_back({.severity = severity,
                               .kind = std::string(word_for(severity)),
                               .object = "root/",
                               .detail = error.what(),
                               .accounts = {},
                               .messages = {},
                               .next = error.hint().empty() ? next_step(severity) : error.hint()});
    return report;
}

int CheckReport::exit_code() const
{
    Severity worst = Severity::harmless;
    for (const Finding& finding : findings)
        worst = std::max(worst, finding.severity);
    switch (worst) {
    case Severity::harmless:
        return 0;
    case Severity::too_new:
        return static_cast<int>(ErrorKind::too_new);
    case Severity::damage:
        return static_cast<int>(ErrorKind::damaged);
    case Severity::tampering:
        return static_cast<int>(ErrorKind::tampered);
    case Severity::unreadable:
        return static_cast<int>(ErrorKind::store_unavailable);
    }
    return static_cast<int>(ErrorKind::bug);
}

std::string CheckReport::verdict() const
{
    switch (static_cast<ErrorKind>(exit_code())) {
    case ErrorKind::damaged:
        return "damage";
    case ErrorKind::tampered:
        return "tampering";
    case ErrorKind::store_unavailable:
        return "unreadable";
    case ErrorKind::too_new:
        return "too new";
    default:
        return "clean";
    }
}

}  // namespace mailhold::upkeep
