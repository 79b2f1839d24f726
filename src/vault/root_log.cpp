// Reading the root log from the store, first entry to last.

#include "mailhold/vault/root_log.hpp"

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "names.hpp"
#include "root_entry.hpp"

namespace mailhold::vault {

namespace {

struct NamedEntry {
    Numbered number;
    std::string name;
};

/// Entries in order. Names that are none of ours are left to `check`.
std::vector<NamedEntry> list_entries(const objects::Store& store)
{
    std::vector<NamedEntry> entries;
    for (const objects::ObjectInfo& info : store.list(std::string(root_folder))) {
        if (const auto number =
                parse_numbered(std::string_view(info.name).substr(root_folder.size())))
            entries.push_back({*number, info.name});
    }
    return entries;
}

bool is_sound(const NamedEntry& entry, const objects::Store& store)
{
    const auto info = store.find(entry.name);
    return info && info->length <= root_entry_limit_bytes &&
           crypto::hash(store.get(entry.name, root_entry_limit_bytes)) == entry.number.hash;
}

/// Of entries with one number leaves out those whose bytes do not hash to their name, such as a
/// copy that was cut off: they are no second entry. One stays in any case; two sound ones are a
/// fork.
void leave_out_broken_twins(std::vector<NamedEntry>& entries, const objects::Store& store)
{
    for (std::size_t i = 1; i < entries.size();) {
        const auto here = entries.begin() + static_cast<std::ptrdiff_t>(i);
        const auto before = std::prev(here);
        const bool are_twins = here->number.seq == before->number.seq;
        if (are_twins && !is_sound(*here, store))
            entries.erase(here);
        else if (are_twins && !is_sound(*before, store))
            entries.erase(before);
        else
            ++i;
    }
}

void require_unbroken(const std::vector<NamedEntry>& entries)
{
    if (entries.empty() || entries.front().number.seq != 1)
        throw Error(ErrorKind::not_found, "there is no vault here",
                    "check the path, or make a vault with `mailhold init`");
    for (std::size_t i = 1; i < entries.size(); ++i) {
        const std::uint64_t before = entries[i - 1].number.seq;
        const std::uint64_t seq = entries[i].number.seq;
        if (seq == before)
            throw Error(ErrorKind::tampered,
                        fmt::format("FORK: the root log has two entries with number {}", seq),
                        "someone with the vault's keys wrote both, or two stores were mixed: look "
                        "which is yours, and move the other away");
        if (seq != before + 1)
            throw Error(ErrorKind::damaged,
                        fmt::format("entry {} of the root log is missing", before + 1));
    }
}

/// Bytes that hash to their name and are wrong all the same were made on purpose.
void apply(RootLog& log, const NamedEntry& entry, const objects::Store& store)
{
    const ByteBuffer bytes = store.get(entry.name, root_entry_limit_bytes);
    if (crypto::hash(bytes) != entry.number.hash)
        throw Error(ErrorKind::damaged, "the bytes do not hash to the name");
    try {
        apply_root_entry(log, bytes);
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::malformed)
            throw Error(ErrorKind::tampered, e.what(), e.hint());
        throw;
    }
}

void require_expected(const RootLog& log, const std::optional<crypto::SignPublicKey>& pinned,
                      std::uint64_t at_least)
{
    if (pinned && *pinned != log.root)
        throw Error(ErrorKind::tampered, "the vault has another root key than the one we know",
                    "this is another vault, or someone replaced it: look before you go on");
    if (log.seq < at_least)
        throw Error(ErrorKind::tampered,
                    fmt::format("ROLLBACK: the root log ends at entry {}, and {} was seen before",
                                log.seq, at_least));
    if (log.epochs.empty())
        throw Error(ErrorKind::damaged, "the root log has no epoch: its end is missing");
}

}  // namespace

std::string RootLog::fingerprint() const
{
    constexpr std::size_t groups = 8;
    const crypto::Hash hash = crypto::hash(root.bytes());
    std::string text;
    for (std::size_t i = 0; i < groups; ++i) {
        if (i > 0)
            text += ' ';
        text += to_hex(hash.bytes().subspan(2 * i, 2));
    }
    return text;
}

std::vector<RootEntryName> root_entry_names(const RootLog& log)
{
    std::vector<RootEntryName> names;
    for (const ByteBuffer& bytes : log.entries) {
        const crypto::Hash hash = crypto::hash(bytes);
        names.push_back({root_name(names.size() + 1, hash), hash, bytes.size()});
    }
    return names;
}

RootLog read_root_log(const objects::Store& store,
                      const std::optional<crypto::SignPublicKey>& pinned, std::uint64_t at_least)
{
    std::vector<NamedEntry> entries = list_entries(store);
    leave_out_broken_twins(entries, store);
    require_unbroken(entries);
    RootLog log;
    for (const NamedEntry& entry : entries) {
        try {
            apply(log, entry, store);
        } catch (Error& e) {
            e.add_context(entry.name);
            throw;
        }
    }
    require_expected(log, pinned, at_least);
    return log;
}

}  // namespace mailhold::vault
