#pragma once
// A vault with mail in it, made day by day, and a destination that remembers what it was given.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/deliver/destination.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/ledger/ledger.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::test {

inline constexpr FolderId inbox{1};
inline constexpr FolderId sent{2};
inline constexpr FolderId empty{3};

class VaultFixture {
public:
    VaultFixture();

    /// One run at noon of that day of March 2026; `work` gives events to the intake.
    void run(int day, const std::function<void(ledger::Intake&)>& work);

    /// Describes the account and its three folders.
    void describe(ledger::Intake& intake) const;
    void message(ledger::Intake& intake, FolderId folder, std::uint32_t uid, const std::string& raw,
                 Flags flags = {}) const;

    ledger::Ledger& ledger() { return *ledger_; }
    const catalog::Catalog& catalog() { return ledger_->catalog(); }
    ledger::Library library() { return {ledger_->store(), keys_, ledger_->catalog()}; }
    catalog::AccountRow account() { return *catalog().account("anna@example.com"); }
    std::filesystem::path vault_path() const { return dir_.path() / "vault"; }

    static const crypto::AccountId anna;

private:
    TempDir dir_;
    std::unique_ptr<ledger::Ledger> ledger_;
    vault::ReaderKeys keys_;
};

/// A message whose attachment is large enough to be detached; `seed` makes the file.
std::string with_attachment(const std::string& subject, int seed);

class Remembered final : public deliver::Destination {
public:
    void add(const deliver::Outgoing& message) override;
    void add_folder(const std::string& folder, char separator) override;
    deliver::Delivered finish() override;
    bool wants_subject() const override { return true; }

    /// "[account ]folder subject [flags]" of each message, sorted.
    std::vector<std::string> lines() const;

    std::vector<std::string> folders;
    std::vector<std::string> raw;
    bool is_finished = false;

private:
    std::vector<std::string> lines_;
};

}  // namespace mailhold::test
