#pragma once
// Mail out of the vault: an account as it stands or once stood, or single messages, into a
// destination.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/progress.hpp"
#include "mailhold/catalog/catalog.hpp"
#include "mailhold/deliver/destination.hpp"
#include "mailhold/ledger/ledger.hpp"

namespace mailhold::import_export {

struct ExportOptions {
    std::optional<Time> as_of = {};  ///< what was on the server then; without it, at the last run
    /// Patterns as in config::matches_folder, over names as they are or with '/' between levels;
    /// empty: all.
    std::vector<std::string> folders = {};
    bool include_gone = false;  ///< also everything that vanished from the server since (or before)
};

struct FailedExport {
    crypto::ContentId id;
    std::string why;
};

/// Damaged messages are part of the answer: they are named, and the rest is exported.
struct ExportReport {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::vector<FailedExport> failed;  ///< once for each place a message lies in
};

/// Throws not_found for one of options.folders that the account does not have, or did not then: a
/// mistyped name must not pass for an empty folder. To be asked before a destination is opened.
void require_folders(const catalog::Catalog& catalog, const catalog::AccountRow& account,
                     const ExportOptions& options);

/// Delivers every placement of `account` and its folders, empty ones too, and finishes the
/// destination. Messages are read in the order in which the archives hold them. Throws
/// interrupted, and whatever concerns the store, the
/// key or the destination as a whole; the destination is then left unfinished.
ExportReport export_account(const catalog::Catalog& catalog, ledger::Library& library,
                            const catalog::AccountRow& account, const ExportOptions& options,
                            deliver::Destination& destination, ProgressSink& progress,
                            const std::stop_token& stop = {});

/// Delivers each message once, into "<address>/<folder>" of a place it lies in (one on the server
/// before one that is gone), and finishes the destination.
ExportReport export_messages(const catalog::Catalog& catalog, ledger::Library& library,
                             const std::vector<crypto::ContentId>& ids,
                             deliver::Destination& destination, ProgressSink& progress,
                             const std::stop_token& stop = {});

}  // namespace mailhold::import_export
