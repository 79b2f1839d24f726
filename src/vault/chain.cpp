// A writer's chain checked without keys: each entry alone, then each against the ones before it.

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/vault/journal.hpp"

namespace mailhold::vault {

namespace {

/// What one entry's own bytes say.
struct Inspected {
    EntryName name;
    crypto::Hash previous;
    std::vector<sealed::ObjectRow> objects;
    bool sound = false;
};

using Inspection = std::variant<Inspected, ChainFault>;

/// Bytes that hash to their name were published like this: what is wrong with them is no accident.
ChainFaultKind kind_of_fault(ErrorKind kind)
{
    return kind == ErrorKind::too_new ? ChainFaultKind::too_new : ChainFaultKind::tampered;
}

Inspected inspect_bytes(Bytes file, const EntryName& name, const RootLog& log,
                        const crypto::SignPublicKey& key)
{
    const sealed::Header header = sealed::decode_header(file);
    if (header.kind != sealed::Kind::journal || header.vault != log.vault ||
        header.writer != name.writer || header.seq != name.seq)
        throw Error(ErrorKind::tampered, "the entry stands in another's place");
    sealed::verify_entry_signature(file, key);
    return {name, header.previous, header.objects, true};
}

/// The entry's bytes; a fault when the store does not have what the name says.
std::variant<ByteBuffer, ChainFault> fetch(const objects::Store& store, const EntryName& name)
{
    try {
        ByteBuffer file = store.get(name.name, journal_file_limit_bytes);
        if (crypto::hash(file) == name.hash)
            return file;
        return ChainFault{ChainFaultKind::damaged, name.seq, name.name,
                          "the bytes do not hash to the name"};
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::not_found)
            return ChainFault{ChainFaultKind::missing, name.seq, name.name, e.what()};
        if (e.kind() == ErrorKind::damaged)
            return ChainFault{ChainFaultKind::damaged, name.seq, name.name, e.what()};
        throw;
    }
}

Inspection inspect(const objects::Store& store, const EntryName& name, const RootLog& log,
                   const crypto::SignPublicKey& key)
{
    const auto file = fetch(store, name);
    if (const auto* fault = std::get_if<ChainFault>(&file))
        return *fault;
    try {
        return inspect_bytes(std::get<ByteBuffer>(file), name, log, key);
    } catch (const Error& e) {
        return ChainFault{kind_of_fault(e.kind()), name.seq, name.name, e.what()};
    }
}

/// Puts inspected entries into their chain. Entries come sorted by seq.
class Chain {
public:
    Chain(CheckedChain& result, const WriterInfo& writer) : result_(result), writer_(writer) {}

    void add(Inspection inspection, const EntryName& name)
    {
        if (auto* fault = std::get_if<ChainFault>(&inspection)) {
            result_.faults.push_back(std::move(*fault));
            entries_.push_back({name, {}, {}, false});
        } else {
            entries_.push_back(std::get<Inspected>(std::move(inspection)));
        }
    }

    void finish()
    {
        find_gaps_and_forks();
        const auto allowed = allowed_after_revocation();
        for (const Inspected& entry : entries_) {
            if (!entry.sound)
                continue;
            if (allowed && !allowed->contains(entry.name.hash))
                fault(ChainFaultKind::after_revocation, entry.name.seq, entry.name.name,
                      "written after its writer was revoked");
            else
                accept(entry);
        }
        std::ranges::stable_sort(result_.faults, {}, &ChainFault::seq);
    }

private:
    void fault(ChainFaultKind kind, std::uint64_t seq, std::string object, std::string detail)
    {
        result_.faults.push_back({kind, seq, std::move(object), std::move(detail)});
    }

    void accept(const Inspected& entry)
    {
        result_.sound.push_back(entry.name);
        for (const sealed::ObjectRow& row : entry.objects) {
            if (row.op == sealed::ObjectRow::Op::adds)
                result_.objects.insert_or_assign(row.object, row);
            else
                result_.retired.insert(row.object);
        }
    }

    /// Each sound entry names its predecessor: that one must be there, and be the only one.
    void find_gaps_and_forks()
    {
        for (auto at = entries_.begin(); at != entries_.end();) {
            const std::uint64_t seq = at->name.seq;
            const auto end = std::find_if(
                at, entries_.end(), [&](const Inspected& entry) { return entry.name.seq != seq; });
            if (std::count_if(at, end, [](const Inspected& entry) { return entry.sound; }) > 1)
                fault(ChainFaultKind::fork, seq, at->name.name,
                      fmt::format("two entries with number {}: the writer runs twice", seq));
            for (; at != end; ++at)
                require_predecessor(*at);
        }
    }

    void require_predecessor(const Inspected& entry)
    {
        if (!entry.sound)
            return;
        const std::uint64_t seq = entry.name.seq;
        if (seq == 1)
            return;  // decode_header has seen that it names none
        if (find(seq - 1, entry.previous) == nullptr && reported_.insert(entry.previous).second)
            fault(ChainFaultKind::missing, seq - 1,
                  journal_name(writer_.id, seq - 1, entry.previous), missing_before(seq));
    }

    std::string missing_before(std::uint64_t seq) const
    {
        std::uint64_t first = 1;
        for (const Inspected& entry : entries_) {
            if (entry.name.seq < seq - 1)
                first = std::max(first, entry.name.seq + 1);
        }
        if (first == seq - 1)
            return fmt::format("entry {} follows it, and it is not there", seq);
        return fmt::format("entries {} to {} are not there", first, seq - 1);
    }

    const Inspected* find(std::uint64_t seq, const crypto::Hash& hash) const
    {
        const auto at_seq = std::lower_bound(
            entries_.begin(), entries_.end(), seq,
            [](const Inspected& entry, std::uint64_t wanted) { return entry.name.seq < wanted; });
        const auto found = std::find_if(at_seq, entries_.end(), [&](const Inspected& entry) {
            return entry.name.seq != seq || entry.name.hash == hash;
        });
        return found == entries_.end() || found->name.seq != seq ? nullptr : &*found;
    }

    /// Hashes of the entries that lead to the last one that the revocation allows; nullopt when
    /// nothing is revoked. Before an entry that is lost or broken, the path is not known: what
    /// stands there was written before the revoked head, and is allowed.
    std::optional<std::set<crypto::Hash>> allowed_after_revocation() const
    {
        if (!writer_.revoked_after_seq)
            return std::nullopt;
        std::set<crypto::Hash> allowed;
        std::uint64_t seq = *writer_.revoked_after_seq;
        crypto::Hash hash = writer_.revoked_after_hash;
        for (; seq > 0; --seq) {
            const Inspected* entry = find(seq, hash);
            if (entry == nullptr || !entry->sound)
                break;
            allowed.insert(hash);
            hash = entry->previous;
        }
        for (const Inspected& entry : entries_) {
            if (entry.name.seq < seq)
                allowed.insert(entry.name.hash);
        }
        return allowed;
    }

    CheckedChain& result_;
    const WriterInfo& writer_;
    std::vector<Inspected> entries_;
    std::set<crypto::Hash> reported_;
};

}  // namespace

CheckedChain check_chain(const objects::Store& store, const RootLog& log,
                         const crypto::WriterId& writer, const std::vector<EntryName>& entries)
{
    CheckedChain result{.writer = writer, .sound = {}, .objects = {}, .retired = {}, .faults = {}};
    const auto info = log.writers.find(writer);
    if (info == log.writers.end()) {
        if (!entries.empty())
            result.faults.push_back({ChainFaultKind::uncertified, entries.front().seq,
                                     entries.front().name,
                                     "its writer was never allowed to write here"});
        return result;
    }
    std::vector<EntryName> ordered = entries;
    std::ranges::stable_sort(ordered, {}, &EntryName::seq);
    Chain chain(result, info->second);
    for (const EntryName& name : ordered)
        chain.add(inspect(store, name, log, info->second.key), name);
    chain.finish();
    return result;
}

}  // namespace mailhold::vault
