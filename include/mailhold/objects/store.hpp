#pragma once
// The object store behind a vault: immutable objects by name. Implementations: a local folder
// (others later).

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/bytes.hpp"

namespace mailhold::objects {

struct ObjectInfo {
    std::string name;  ///< such as "archives/3f/3f9a…": '/' between levels, no leading '/'
    std::uint64_t length = 0;
    std::int64_t modified = 0;  ///< store time, seconds since the epoch
};

enum class PutOutcome {
    created,
    already_there,  ///< the same bytes
    replaced,       ///< other bytes stood under this name (damage); now the right ones
};

/// An object being written; its name is known only at the end. Destroyed unpublished, it is
/// removed.
class Upload {
public:
    virtual ~Upload() = default;
    virtual void write(Bytes bytes) = 0;
    /// Durable when it returns (docs/format.md, Publishing). Throws storage; nothing is visible
    /// then.
    virtual PutOutcome publish(const std::string& name) = 0;
};

/// An object that is read many times, as far as its store can keep it open. It outlives no store.
class OpenObject {
public:
    virtual ~OpenObject() = default;
    /// As Store::get_range().
    virtual ByteBuffer read(std::uint64_t offset, std::uint64_t length) const = 0;
};

/// Thread-safe. Errors: not_found, storage (writing fails), store_unavailable (reading fails: one
/// failed read is never "missing").
class Store {
public:
    virtual ~Store() = default;

    /// Whole object; damaged if it is longer than `limit_bytes`.
    virtual ByteBuffer get(const std::string& name, std::uint64_t limit_bytes) const = 0;
    /// Exactly `length` bytes from `offset`; damaged if the object is shorter.
    virtual ByteBuffer get_range(const std::string& name, std::uint64_t offset,
                                 std::uint64_t length) const = 0;
    virtual std::unique_ptr<OpenObject> open(const std::string& name) const;
    virtual std::optional<ObjectInfo> find(const std::string& name) const = 0;
    /// Everything whose name starts with `prefix` ("", or ending in '/'), sorted by name.
    virtual std::vector<ObjectInfo> list(const std::string& prefix) const = 0;

    virtual PutOutcome put_new(const std::string& name, Bytes bytes) = 0;
    /// `owner` stands in the temporary name, so that a writer finds its own leftovers
    /// (tmp/<owner>-<random>).
    virtual std::unique_ptr<Upload> begin_upload(const std::string& owner) = 0;
    virtual void remove(const std::string& name) = 0;

    /// What the operator should know about this store ("does not sync folders"), once per process.
    virtual std::vector<std::string> warnings() const = 0;
    /// For people: the folder's path or the URL.
    virtual std::string description() const = 0;
};

/// A vault in a local folder. `create` makes it (and its parents, 0700) when missing; else throws
/// not_found.
std::unique_ptr<Store> open_local_folder(const std::filesystem::path& folder, bool create);

}  // namespace mailhold::objects
