// The writer's own copies: kept as they are written, and put back where the store lost them.

#include "mailhold/vault/mirror.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "mailhold/base/error.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "mailhold/vault/journal.hpp"
#include "mailhold/vault/root_log.hpp"
#include "names.hpp"

namespace mailhold::vault {

namespace {

/// The hash that ends an object's name.
std::optional<crypto::Hash> hash_in(std::string_view name)
{
    constexpr std::size_t digits = 2 * crypto::Hash::size;
    if (name.size() < digits)
        return std::nullopt;
    return crypto::Hash::from_hex(name.substr(name.size() - digits));
}

using Lengths = std::map<std::string, std::uint64_t>;

Lengths lengths_in(const objects::Store& store, std::string_view folder)
{
    Lengths found;
    for (const objects::ObjectInfo& info : store.list(std::string(folder)))
        found.emplace(info.name, info.length);
    return found;
}

bool lacks_any(const objects::Store& copies, const objects::Store& store, std::string_view folder)
{
    const Lengths mine = lengths_in(copies, folder);
    return std::ranges::any_of(lengths_in(store, folder),
                               [&](const auto& theirs) { return !mine.contains(theirs.first); });
}

/// The object's bytes if they hash to its name, nullopt if it is missing or damaged.
std::optional<ByteBuffer> sound_copy(const objects::Store& store, const std::string& name)
{
    try {
        ByteBuffer bytes = store.get(name, journal_file_limit_bytes);
        if (hash_in(name) == crypto::hash(bytes))
            return bytes;
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::not_found && e.kind() != ErrorKind::damaged)
            throw;
    }
    return std::nullopt;
}

/// The root key that the mirror has known until now.
std::optional<crypto::SignPublicKey> known_root(const objects::Store& copies)
{
    try {
        return read_root_log(copies, std::nullopt).root;
    } catch (const Error&) {
        return std::nullopt;  // empty or broken: the caller has pinned the key in the writer's kit
    }
}

std::set<std::string> live_slots(const RootLog& log)
{
    std::set<std::string> names;
    for (const auto& [id, slot] : log.slots)
        names.insert(slot_name(slot.object));
    return names;
}

/// One healing of a store from its copies.
class Healing {
public:
    Healing(const objects::Store& copies, objects::Store& store, HealDepth depth)
        : copies_(copies), store_(store), depth_(depth)
    {
    }

    void folder(std::string_view name)
    {
        const Lengths theirs = lengths_in(store_, name);
        for (const auto& [object, length] : lengths_in(copies_, name)) {
            const auto there = theirs.find(object);
            if (there == theirs.end() || there->second != length || differs(object))
                publish(object);
        }
    }

    std::vector<std::string> healed() && { return std::move(healed_); }

private:
    bool differs(const std::string& name) const
    {
        return depth_ == HealDepth::bytes && !sound_copy(store_, name);
    }

    void publish(const std::string& name)
    {
        const auto copy = sound_copy(copies_, name);
        if (copy && store_.put_new(name, *copy) != objects::PutOutcome::already_there)
            healed_.push_back(name);
    }

    const objects::Store& copies_;
    objects::Store& store_;
    HealDepth depth_;
    std::vector<std::string> healed_;
};

}  // namespace

Mirror::Mirror(const std::filesystem::path& folder)
    : copies_(objects::open_local_folder(folder, true))
{
}

void Mirror::keep(const std::string& name, Bytes bytes)
{
    copies_->put_new(name, bytes);
}

void Mirror::follow(const objects::Store& store)
{
    if (!lacks_any(*copies_, store, root_folder) && !lacks_any(*copies_, store, slot_folder))
        return;
    // Only what the root key has signed: a mirror must not bring back what a stranger put there.
    const RootLog log = read_root_log(store, known_root(*copies_));
    for (std::size_t i = 0; i < log.entries.size(); ++i) {
        keep(root_name(i + 1, crypto::hash(log.entries[i])), log.entries[i]);
    }
    const std::set<std::string> live = live_slots(log);
    for (const std::string& name : live) {
        if (const auto bytes = sound_copy(store, name))
            keep(name, *bytes);
    }
    for (const auto& [name, length] : lengths_in(*copies_, slot_folder)) {
        if (!live.contains(name))
            copies_->remove(name);
    }
}

std::vector<std::string> Mirror::heal(objects::Store& store, HealDepth depth)
{
    Healing healing(*copies_, store, depth);
    healing.folder(root_folder);
    // The log tells which slots are to live: one that was removed must not come back from here.
    follow(store);
    healing.folder(slot_folder);
    healing.folder(journal_folder);
    return std::move(healing).healed();
}

}  // namespace mailhold::vault
