#pragma once
// A small vault to break, and a store in which one name cannot be read.

#include "mailhold/upkeep/check.hpp"

#include <fstream>

#include <fmt/format.h>

#include "ledger/world.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "mailhold/vault/journal.hpp"

namespace mailhold::upkeep {

using ledger::Ledger;

/// A local folder in which one name cannot be read.
class FailingStore : public objects::Store {
public:
    FailingStore(const std::filesystem::path& folder, std::string broken)
        : inner_(objects::open_local_folder(folder, false)), broken_(std::move(broken))
    {
    }
    ByteBuffer get(const std::string& name, std::uint64_t limit_bytes) const override
    {
        fail_at(name);
        return inner_->get(name, limit_bytes);
    }
    ByteBuffer get_range(const std::string& name, std::uint64_t offset,
                         std::uint64_t length) const override
    {
        fail_at(name);
        return inner_->get_range(name, offset, length);
    }
    std::optional<objects::ObjectInfo> find(const std::string& name) const override
    {
        return inner_->find(name);
    }
    std::vector<objects::ObjectInfo> list(const std::string& prefix) const override
    {
        return inner_->list(prefix);
    }
    objects::PutOutcome put_new(const std::string& name, Bytes bytes) override
    {
        return inner_->put_new(name, bytes);
    }
    std::unique_ptr<objects::Upload> begin_upload(const std::string& owner) override
    {
        return inner_->begin_upload(owner);
    }
    void remove(const std::string& name) override { inner_->remove(name); }
    std::vector<std::string> warnings() const override { return {}; }
    std::string description() const override { return "a failing disk"; }

private:
    void fail_at(const std::string& name) const
    {
        if (name == broken_)
            throw Error(ErrorKind::store_unavailable, name + ": input/output error");
    }
    std::unique_ptr<objects::Store> inner_;
    std::string broken_;
};

/// Two runs: two archives of three letters each, two journal entries.
class CheckTest : public testing::Test {
protected:
    CheckTest()
    {
        const auto writing = world.open();
        for (std::uint32_t uid = 1; uid <= 3; ++uid)
            server.messages[uid] = {ledger::letter(static_cast<int>(uid)), {}};
        ledger::back_up(*writing, server);
        for (std::uint32_t uid = 4; uid <= 6; ++uid)
            server.messages[uid] = {ledger::letter(static_cast<int>(uid)), {}};
        ledger::back_up(*writing, server);
    }

    std::filesystem::path path_of(const std::string& name) const
    {
        return world.paths().vault / name;
    }

    std::vector<std::string> objects(const std::string& prefix) const
    {
        std::vector<std::string> names;
        for (const auto& info :
             objects::open_local_folder(world.paths().vault, false)->list(prefix))
            names.push_back(info.name);
        return names;
    }

    void write(const std::string& name, std::string_view bytes) const
    {
        std::filesystem::create_directories(path_of(name).parent_path());
        std::ofstream(path_of(name), std::ios::binary) << bytes;
    }

    std::string read(const std::string& name) const
    {
        const ByteBuffer bytes = read_file(path_of(name), 64 * mebibyte);
        return std::string(text_of(bytes));
    }

    void flip(const std::string& name, std::size_t position) const
    {
        std::string bytes = read(name);
        bytes.at(position) ^= 0x10;
        write(name, bytes);
    }

    CheckReport keyless() const { return check(*world.open(Ledger::Mode::read), {}); }
    CheckReport with_key(unsigned percent = 0) const
    {
        return check(*world.open(Ledger::Mode::read),
                     {.keys = &world.keys(), .read_data_percent = percent, .progress = {}});
    }

    ledger::World world;
    ledger::Server server;
};

inline std::vector<std::string> kinds(const CheckReport& report)
{
    std::vector<std::string> words;
    for (const Finding& finding : report.findings)
        words.push_back(finding.kind);
    return words;
}

}  // namespace mailhold::upkeep
