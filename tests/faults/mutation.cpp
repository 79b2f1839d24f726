// Mutations listed, carried out, and what is to come of them.

#include "faults/mutation.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace mailhold::faults {
namespace {

constexpr int clean = 0;
constexpr int damage = static_cast<int>(ErrorKind::damaged);
constexpr int tampering = static_cast<int>(ErrorKind::tampered);

std::string_view folder_of(std::string_view name)
{
    return name.substr(0, name.find('/') + 1);
}

constexpr std::size_t hash_digits = 2 * crypto::Hash::size;

std::string renamed_to(const std::string& name, const crypto::Hash& hash)
{
    std::string start = name.substr(0, name.size() - hash_digits);
    if (folder_of(name) == "archives/")
        return "archives/" + hash.hex().substr(0, 2) + "/" + hash.hex();
    return start + hash.hex();
}

/// A name that no bytes hash to.
std::string misnamed(const std::string& name)
{
    return renamed_to(name, crypto::hash(bytes_of(name)));
}

/// Objects of its kind in `objects`, but for itself.
std::vector<std::string> others_of_kind(const Objects& objects, const std::string& object)
{
    std::vector<std::string> names;
    for (const auto& [name, bytes] : objects)
        if (name != object && folder_of(name) == folder_of(object))
            names.push_back(name);
    return names;
}

/// The last of its chain, or of the root log.
bool is_last(const Objects& objects, const std::string& object)
{
    const std::string_view folder = folder_of(object);
    if (folder != "journal/" && folder != "root/")
        return false;
    const std::string chain = object.substr(0, object.rfind('/') + 1);
    const auto next = objects.upper_bound(object);
    return next == objects.end() || !next->first.starts_with(chain);
}

std::string_view name_of(Change change)
{
    constexpr std::array<std::string_view, 12> names{"bit flipped",
                                                     "bit flipped, renamed",
                                                     "truncated",
                                                     "truncated, renamed",
                                                     "appended to",
                                                     "removed",
                                                     "renamed",
                                                     "duplicated",
                                                     "swapped",
                                                     "replaced by another vault's",
                                                     "another vault's added",
                                                     "story"};
    return names.at(static_cast<std::size_t>(change));
}

/// Objects whose bytes say more than their hash: someone without keys can name changed ones anew.
bool speaks_for_itself(std::string_view folder)
{
    return folder == "root/" || folder == "journal/";
}

void add_few(const SmallVault& vault, const std::string& object, std::vector<Mutation>& out)
{
    for (const Change change :
         {Change::lengthen, Change::remove, Change::rename, Change::duplicate})
        out.push_back({change, object, 0});
    const std::size_t others = others_of_kind(vault.objects(), object).size();
    for (std::size_t i = 0; i < others; ++i)
        out.push_back({Change::swap, object, i});
    const std::size_t foreign = others_of_kind(vault.another_vault(), object).size();
    for (std::size_t i = 0; i < foreign; ++i) {
        out.push_back({Change::replace, object, i});
        out.push_back({Change::add_foreign, object, i});
    }
}

void add_many(const std::string& object, std::size_t length, std::vector<Mutation>& out)
{
    for (std::size_t at = 0; at < length; ++at) {
        out.push_back({Change::flip, object, at});
        out.push_back({Change::truncate, object, at});
        if (speaks_for_itself(folder_of(object))) {
            out.push_back({Change::flip_renamed, object, at});
            out.push_back({Change::truncate_renamed, object, at});
        }
    }
}

ByteBuffer flipped(ByteBuffer bytes, std::size_t at)
{
    bytes.at(at) ^= std::byte{1} << (at % 8);
    return bytes;
}

ByteBuffer cut(const ByteBuffer& bytes, std::size_t at)
{
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at)};
}

void put_renamed(Objects& objects, const std::string& name, ByteBuffer bytes)
{
    objects.erase(name);
    const crypto::Hash hash = crypto::hash(bytes);
    objects[renamed_to(name, hash)] = std::move(bytes);
}

}  // namespace

std::string kind_of(const SmallVault& vault, const Mutation& mutation)
{
    if (mutation.change == Change::story)
        return vault.stories().at(mutation.at).kind;
    return std::string(name_of(mutation.change));
}

std::vector<Mutation> all_mutations(const SmallVault& vault)
{
    std::vector<Mutation> all;
    for (std::size_t i = 0; i < vault.stories().size(); ++i)
        all.push_back({Change::story, "", i});
    for (const auto& [name, bytes] : vault.objects())
        add_few(vault, name, all);
    for (const auto& [name, bytes] : vault.objects())
        add_many(name, bytes.size(), all);
    return all;
}

Objects mutated(const SmallVault& vault, const Mutation& mutation)
{
    if (mutation.change == Change::story)
        return vault.stories().at(mutation.at).objects;
    Objects objects = vault.objects();
    ByteBuffer& bytes = objects.at(mutation.object);
    const auto other = [&](const Objects& from) {
        return others_of_kind(from, mutation.object).at(mutation.at);
    };
    switch (mutation.change) {
    case Change::flip:
        bytes = flipped(bytes, mutation.at);
        break;
    case Change::flip_renamed:
        put_renamed(objects, mutation.object, flipped(bytes, mutation.at));
        break;
    case Change::truncate:
        bytes = cut(bytes, mutation.at);
        break;
    case Change::truncate_renamed:
        put_renamed(objects, mutation.object, cut(bytes, mutation.at));
        break;
    case Change::lengthen:
        bytes.push_back(std::byte{0});
        break;
    case Change::remove:
        objects.erase(mutation.object);
        break;
    case Change::rename:
        objects[misnamed(mutation.object)] = bytes;
        objects.erase(mutation.object);
        break;
    case Change::duplicate:
        objects[misnamed(mutation.object)] = bytes;
        break;
    case Change::swap:
        std::swap(bytes, objects.at(other(objects)));
        break;
    case Change::replace:
        bytes = vault.another_vault().at(other(vault.another_vault()));
        break;
    case Change::add_foreign: {
        const std::string name = other(vault.another_vault());
        objects[name] = vault.another_vault().at(name);
        break;
    }
    case Change::story:
        break;
    }
    return objects;
}

std::set<int> expected_exits(const SmallVault& vault, const Mutation& mutation)
{
    const std::string_view folder = folder_of(mutation.object);
    const bool last = is_last(vault.objects(), mutation.object);
    switch (mutation.change) {
    case Change::story:
        return vault.stories().at(mutation.at).exits;
    case Change::flip:
    case Change::truncate:
    case Change::lengthen:
    case Change::swap:
    case Change::replace:
        return {damage};
    case Change::remove:
        return {last ? tampering : damage};  // ROLLBACK
    case Change::rename:
        return {folder == "journal/" && last ? tampering : damage};
    case Change::duplicate:
        return {folder == "journal/" ? damage : clean};
    case Change::flip_renamed:
    case Change::truncate_renamed:
        // Where its version says that it is newer, what is left is that the right one is missing.
        return folder == "root/" ? std::set{tampering} : std::set{tampering, damage};
    case Change::add_foreign:
        return {speaks_for_itself(folder) ? tampering : clean};
    }
    return {};
}

bool is_only_shorter(const SmallVault& vault, const Mutation& mutation)
{
    if (mutation.change == Change::story)
        return vault.stories().at(mutation.at).is_shorter;
    return mutation.change == Change::remove && is_last(vault.objects(), mutation.object);
}

}  // namespace mailhold::faults
