#pragma once
// Mail of one account back into an IMAP account: what is planned, and carrying it out.

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/progress.hpp"
#include "mailhold/catalog/catalog.hpp"
#include "mailhold/deliver/upload.hpp"
#include "mailhold/ledger/ledger.hpp"

namespace mailhold::restore {

/// Which messages of an account.
struct Scope {
    catalog::AccountRow account;
    std::optional<Time> as_of = {};         ///< what was on the server then; else at the last run
    std::vector<std::string> folders = {};  ///< patterns as in config::matches_folder; empty: all
    /// Which of them; empty: all. Must not call the catalog.
    std::function<bool(const catalog::PlacementRow&)> wants = {};
};

/// What folders are called on the target.
struct Naming {
    std::string prefix = {};  ///< levels above all folders, parted by '/'; empty: the same folders
    std::vector<std::pair<std::string, std::string>> renamed = {};  ///< whole names, parted by '/'
};

struct Plan {
    std::string from;                            ///< address of the account
    std::vector<std::string> source_folders;     ///< as the account has them; one each of `folders`
    std::vector<deliver::UploadFolder> folders;  ///< several may have one target
    std::vector<deliver::UploadMessage> messages;  ///< in the order in which the archives hold them
    std::uint64_t bytes = 0;
};

/// Throws not_found for a folder or renamed name that the account does not have.
Plan plan(const catalog::Catalog& catalog, const Scope& scope, const Naming& naming);

/// What uploads into `address` verified, kept by the catalog for this host.
class CatalogMemory final : public deliver::UploadMemory {
public:
    CatalogMemory(catalog::Catalog& catalog, std::string address)
        : catalog_(catalog), address_(std::move(address))
    {
    }
    std::vector<Known> known(const std::string& wire_name, UidValidity uid_validity) override;
    void remember(const std::string& wire_name, UidValidity uid_validity,
                  const std::vector<Known>& verified) override;

private:
    catalog::Catalog& catalog_;
    std::string address_;
};

/// Everything of `plan` that the target does not have yet. Throws as deliver::Upload does.
[[nodiscard]] deliver::UploadReport carry_out(const Plan& plan, deliver::Upload& upload,
                                              ledger::Library& library, ProgressSink& progress,
                                              const std::stop_token& stop);

}  // namespace mailhold::restore
