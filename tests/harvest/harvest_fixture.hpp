#pragma once
// A vault in a private folder, and runs over accounts on small servers.

#include <cstdlib>

#include <gmock/gmock.h>

#include "mailhold/harvest/harvest.hpp"
#include "mailhold/ledger/setup.hpp"
#include "support/temp_dir.hpp"

#include "small_server.hpp"

namespace mailhold::harvest {

class HarvestTest : public testing::Test {
protected:
    HarvestTest()
    {
        ::setenv("MAILHOLD_TEST_FAST_KDF", "1", 1);
        ledger::create_vault(paths(), bytes_of("correct horse"), "host");
        open();
    }
    ~HarvestTest() override { ::unsetenv("MAILHOLD_TEST_NOW"); }

    ledger::Paths paths() const
    {
        return {.vault = dir_.path() / "vault", .state = dir_.path() / "state"};
    }

    void open()
    {
        ledger_.reset();
        ledger_ = std::make_unique<ledger::Ledger>(paths(), ledger::Ledger::Mode::write);
    }
    ledger::Ledger& ledger() { return *ledger_; }
    catalog::Catalog& catalog() { return ledger_->catalog(); }

    static AccountPlan plan_for(const test::SmallServer& server,
                                const std::string& address = "a@example.com")
    {
        const net::Timeouts timeouts{.connect = std::chrono::seconds(10),
                                     .idle = std::chrono::seconds(10),
                                     .command = std::chrono::seconds(30)};
        return {.access = {.address = address,
                           .endpoint = server.endpoint(),
                           .user = address,
                           .secret = [] { return crypto::SecretBytes(bytes_of("secret")); },
                           .connections = 1,
                           .provider_step = {},
                           .client = {.timeouts = timeouts}},
                .role = "flagship",
                .exclude = {}};
    }

    /// One run as the program makes it.
    RunReport run(const std::vector<AccountPlan>& plans)
    {
        NullProgress progress;
        return harvest::run(ledger(), plans, {}, progress, {});
    }
    AccountReport run(const AccountPlan& plan) { return run(std::vector{plan}).accounts.at(0); }

    static void at_time(const char* utc) { ::setenv("MAILHOLD_TEST_NOW", utc, 1); }

    catalog::FolderRow folder(const std::string& name)
    {
        const auto account = catalog().account("a@example.com");
        for (const catalog::FolderRow& row : catalog().folders(account.value().id))
            if (row.name == name && !row.gone)
                return row;
        ADD_FAILURE() << "no folder " << name;
        return {};
    }

    std::vector<std::uint32_t> live_uids(const std::string& name)
    {
        std::vector<std::uint32_t> uids;
        for (const Uid uid : catalog().live_uids(folder(name).key))
            uids.push_back(static_cast<std::uint32_t>(uid));
        return uids;
    }

private:
    test::TempDir dir_;
    std::unique_ptr<ledger::Ledger> ledger_;
};

inline std::string mail(int number)
{
    return fmt::format("From: a@example.com\r\nSubject: {}\r\n\r\ntext of {}\r\n", number, number);
}

}  // namespace mailhold::harvest
