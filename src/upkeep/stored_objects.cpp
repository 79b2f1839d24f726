// What lies in the store, and whether it is what its names say.

#include "stored_objects.hpp"

#include <algorithm>

#include "mailhold/base/error.hpp"

namespace mailhold::upkeep {

namespace {

constexpr std::uint64_t read_piece_bytes = 4 * mebibyte;

}  // namespace

void StoredObjects::list()
{
    for (const objects::ObjectInfo& info : store_.list("")) {
        all_bytes_ += info.length;
        objects_[info.name] = info;
    }
}

std::uint64_t StoredObjects::length_of(const std::string& name) const
{
    const auto found = objects_.find(name);
    return found == objects_.end() ? 0 : found->second.length;
}

std::optional<Fault> StoredObjects::fault_of(const std::string& name, const crypto::Hash& expected,
                                             std::uint64_t length)
{
    ++looked_at_;
    const auto found = objects_.find(name);
    if (found == objects_.end())
        return Fault{Severity::damage, "missing"};
    if (found->second.length != length)
        return Fault{Severity::damage, found->second.length < length ? "truncated" : "damaged"};
    try {
        if (hash_of(name, length) == expected)
            return std::nullopt;
        return Fault{Severity::damage, "damaged"};
    } catch (const Error& e) {
        const Severity severity = severity_of(e.kind());
        return Fault{severity, std::string(word_for(severity))};
    }
}

crypto::Hash StoredObjects::hash_of(const std::string& name, std::uint64_t length)
{
    crypto::Hasher hasher;
    for (std::uint64_t offset = 0; offset < length; offset += read_piece_bytes) {
        const std::uint64_t piece = std::min(read_piece_bytes, length - offset);
        hasher.add(store_.get_range(name, offset, piece));
        done_bytes_ += piece;
        if (progress_)
            progress_(done_bytes_, all_bytes_);
    }
    return hasher.finish();
}

}  // namespace mailhold::upkeep
