#pragma once
// What lies in the store, and whether it is what its names say.

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "mailhold/crypto/crypto.hpp"
#include "mailhold/objects/store.hpp"

#include "verdict.hpp"

namespace mailhold::upkeep {

/// One listing of the store, and the bytes behind it. For one thread.
class StoredObjects {
public:
    using Progress = std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>;

    StoredObjects(const objects::Store& store, Progress progress)
        : store_(store), progress_(std::move(progress))
    {
    }

    void list();
    const std::map<std::string, objects::ObjectInfo>& listing() const noexcept { return objects_; }
    std::uint64_t length_of(const std::string& name) const;  ///< 0 when it is not there

    /// nullopt when the object has this length and its bytes, all of which are read, hash to
    /// `expected`.
    std::optional<Fault> fault_of(const std::string& name, const crypto::Hash& expected,
                                  std::uint64_t length);

    std::uint64_t looked_at() const noexcept { return looked_at_; }

private:
    crypto::Hash hash_of(const std::string& name, std::uint64_t length);

    const objects::Store& store_;
    Progress progress_;
    std::map<std::string, objects::ObjectInfo> objects_;
    std::uint64_t looked_at_ = 0;
    std::uint64_t done_bytes_ = 0;
    std::uint64_t all_bytes_ = 0;
};

}  // namespace mailhold::upkeep
