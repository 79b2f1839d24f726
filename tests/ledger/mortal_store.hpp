#pragma once
// A store that dies at its n-th change: before it happens or just after, and from then on for good,
// as a process does that is killed there. What was being uploaded stays behind.

#include <atomic>
#include <memory>

#include "mailhold/base/error.hpp"
#include "mailhold/objects/store.hpp"

namespace mailhold::ledger {

enum class Moment { before, after };

/// Counts changes down to the fatal one.
class Fate {
public:
    Fate(int fatal_change, Moment moment) : left_(fatal_change), moment_(moment) {}

    template <class Change>
    auto meet(Change change)
    {
        require_alive();
        const bool fatal = --left_ == 0;
        if (fatal && moment_ == Moment::before)
            die();
        auto result = change();
        if (fatal)
            die();
        return result;
    }

    void require_alive() const
    {
        if (dead_)
            throw Error(ErrorKind::storage, "killed");
    }

    bool dead() const { return dead_; }

private:
    [[noreturn]] void die()
    {
        dead_ = true;
        throw Error(ErrorKind::storage, "killed");
    }

    std::atomic<int> left_;
    std::atomic<bool> dead_ = false;
    Moment moment_;
};

class MortalUpload final : public objects::Upload {
public:
    MortalUpload(std::unique_ptr<objects::Upload> real, std::shared_ptr<Fate> fate)
        : real_(std::move(real)), fate_(std::move(fate))
    {
    }

    /// The dead remove nothing: what was being uploaded is never destroyed.
    ~MortalUpload() override
    {
        static auto& left_behind = *new std::vector<std::unique_ptr<objects::Upload>>;
        if (fate_->dead())
            left_behind.push_back(std::move(real_));
    }

    void write(Bytes bytes) override
    {
        fate_->meet([&] {
            real_->write(bytes);
            return 0;
        });
    }

    objects::PutOutcome publish(const std::string& name) override
    {
        return fate_->meet([&] { return real_->publish(name); });
    }

private:
    std::unique_ptr<objects::Upload> real_;
    std::shared_ptr<Fate> fate_;
};

class MortalStore final : public objects::Store {
public:
    /// `fate` is shared with the uploads and with the test that asks how it went.
    MortalStore(std::unique_ptr<objects::Store> real, std::shared_ptr<Fate> fate)
        : real_(std::move(real)), fate_(std::move(fate))
    {
    }

    ByteBuffer get(const std::string& name, std::uint64_t limit_bytes) const override
    {
        fate_->require_alive();
        return real_->get(name, limit_bytes);
    }
    ByteBuffer get_range(const std::string& name, std::uint64_t offset,
                         std::uint64_t length) const override
    {
        fate_->require_alive();
        return real_->get_range(name, offset, length);
    }
    std::optional<objects::ObjectInfo> find(const std::string& name) const override
    {
        fate_->require_alive();
        return real_->find(name);
    }
    std::vector<objects::ObjectInfo> list(const std::string& prefix) const override
    {
        fate_->require_alive();
        return real_->list(prefix);
    }
    objects::PutOutcome put_new(const std::string& name, Bytes bytes) override
    {
        return fate_->meet([&] { return real_->put_new(name, bytes); });
    }
    std::unique_ptr<objects::Upload> begin_upload(const std::string& owner) override
    {
        return fate_->meet([&]() -> std::unique_ptr<objects::Upload> {
            return std::make_unique<MortalUpload>(real_->begin_upload(owner), fate_);
        });
    }
    void remove(const std::string& name) override
    {
        fate_->meet([&] {
            real_->remove(name);
            return 0;
        });
    }
    std::vector<std::string> warnings() const override { return real_->warnings(); }
    std::string description() const override { return real_->description(); }

private:
    std::unique_ptr<objects::Store> real_;
    std::shared_ptr<Fate> fate_;
};

}  // namespace mailhold::ledger
