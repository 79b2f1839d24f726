#pragma once
// A store in memory, so that a test can break every byte of every object, and one that fails when
// told.

#include <map>
#include <memory>
#include <string>

#include "mailhold/base/error.hpp"
#include "mailhold/objects/store.hpp"

namespace mailhold::test {

class MemoryStore : public objects::Store {
public:
    std::map<std::string, ByteBuffer> objects;

    ByteBuffer get(const std::string& name, std::uint64_t limit_bytes) const override
    {
        const ByteBuffer& bytes = at(name);
        if (bytes.size() > limit_bytes)
            throw Error(ErrorKind::damaged, "too long");
        return bytes;
    }
    ByteBuffer get_range(const std::string& name, std::uint64_t offset,
                         std::uint64_t length) const override
    {
        const Bytes bytes = at(name);
        if (offset > bytes.size() || length > bytes.size() - offset)
            throw Error(ErrorKind::damaged, "too short");
        return copy_of(bytes.subspan(offset, length));
    }
    std::optional<objects::ObjectInfo> find(const std::string& name) const override
    {
        const auto found = objects.find(name);
        if (found == objects.end())
            return std::nullopt;
        return objects::ObjectInfo{name, found->second.size(), 0};
    }
    std::vector<objects::ObjectInfo> list(const std::string& prefix) const override
    {
        std::vector<objects::ObjectInfo> found;
        for (const auto& [name, bytes] : objects) {
            if (name.starts_with(prefix))
                found.push_back({name, bytes.size(), 0});
        }
        return found;
    }
    objects::PutOutcome put_new(const std::string& name, Bytes bytes) override
    {
        const auto [at, is_new] = objects.try_emplace(name, copy_of(bytes));
        if (is_new)
            return objects::PutOutcome::created;
        if (equal(at->second, bytes))
            return objects::PutOutcome::already_there;
        at->second = copy_of(bytes);
        return objects::PutOutcome::replaced;
    }
    std::unique_ptr<objects::Upload> begin_upload(const std::string& /*owner*/) override
    {
        return std::make_unique<MemoryUpload>(*this);
    }
    void remove(const std::string& name) override
    {
        if (objects.erase(name) == 0)
            throw Error(ErrorKind::not_found, "not there");
    }
    std::vector<std::string> warnings() const override { return {}; }
    std::string description() const override { return "memory"; }

private:
    class MemoryUpload : public objects::Upload {
    public:
        explicit MemoryUpload(MemoryStore& store) : store_(store) {}
        void write(Bytes bytes) override { append(bytes_, bytes); }
        objects::PutOutcome publish(const std::string& name) override
        {
            return store_.put_new(name, bytes_);
        }

    private:
        MemoryStore& store_;
        ByteBuffer bytes_;
    };

    const ByteBuffer& at(const std::string& name) const
    {
        const auto found = objects.find(name);
        if (found == objects.end())
            throw Error(ErrorKind::not_found, "not there");
        return found->second;
    }
};

/// Passes `allowed` changes on to another store, then fails every one as a killed process would:
/// what was done stays done.
class DyingStore : public objects::Store {
public:
    DyingStore(objects::Store& store, int allowed) : store_(store), allowed_(allowed) {}

    ByteBuffer get(const std::string& name, std::uint64_t limit_bytes) const override
    {
        return store_.get(name, limit_bytes);
    }
    ByteBuffer get_range(const std::string& name, std::uint64_t offset,
                         std::uint64_t length) const override
    {
        return store_.get_range(name, offset, length);
    }
    std::optional<objects::ObjectInfo> find(const std::string& name) const override
    {
        return store_.find(name);
    }
    std::vector<objects::ObjectInfo> list(const std::string& prefix) const override
    {
        return store_.list(prefix);
    }
    objects::PutOutcome put_new(const std::string& name, Bytes bytes) override
    {
        step();
        return store_.put_new(name, bytes);
    }
    std::unique_ptr<objects::Upload> begin_upload(const std::string& owner) override
    {
        return std::make_unique<DyingUpload>(*this, store_.begin_upload(owner));
    }
    void remove(const std::string& name) override
    {
        step();
        store_.remove(name);
    }
    std::vector<std::string> warnings() const override { return store_.warnings(); }
    std::string description() const override { return store_.description(); }

private:
    class DyingUpload : public objects::Upload {
    public:
        DyingUpload(DyingStore& store, std::unique_ptr<objects::Upload> upload)
            : store_(store), upload_(std::move(upload))
        {
        }
        void write(Bytes bytes) override
        {
            store_.step();
            upload_->write(bytes);
        }
        objects::PutOutcome publish(const std::string& name) override
        {
            store_.step();
            return upload_->publish(name);
        }

    private:
        DyingStore& store_;
        std::unique_ptr<objects::Upload> upload_;
    };

    void step()
    {
        if (allowed_-- <= 0)
            throw Error(ErrorKind::storage, "the disk is gone");
    }

    objects::Store& store_;
    int allowed_;
};

}  // namespace mailhold::test
