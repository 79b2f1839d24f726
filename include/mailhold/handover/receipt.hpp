#pragma once
// The signed receipt of a run: what was handed over, checkable by anyone with the vault and without
// keys (docs/format.md, Receipts).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/deliver/upload.hpp"
#include "mailhold/handover/case.hpp"
#include "mailhold/handover/selection.hpp"
#include "mailhold/vault/keys.hpp"
#include "mailhold/vault/root_log.hpp"

namespace mailhold::handover {

/// What one successor got.
struct ReceiptPart {
    std::string to = {};
    std::uint64_t planned = 0;
    std::uint64_t uploaded = 0;
    std::uint64_t already_there = 0;
    std::uint64_t verified = 0;
    std::uint64_t bytes = 0;
    std::vector<crypto::ContentId> failed = {};  ///< sorted
    crypto::Hash list = {};  ///< H of the distinct content ids planned, sorted, one after another

    bool operator==(const ReceiptPart&) const = default;
};

struct Receipt {
    crypto::VaultId vault = {};
    std::string root_fingerprint = {};
    crypto::WriterId writer = {};
    catalog::Head head = {};  ///< the journal entry that recorded the run
    std::string case_id = {};
    std::uint64_t run = 0;  ///< counts from 1
    std::string leaver = {};
    Time opened{};
    Time begins{};
    Time started{};
    Time ended{};
    std::vector<ReceiptPart> parts = {};
};

/// H of the distinct content ids, sorted, one after another.
crypto::Hash list_hash(std::vector<crypto::ContentId> ids);

ReceiptPart receipt_part(const std::string& to, const restore::Plan& plan,
                         const deliver::UploadReport& report);

/// Two lines: the JSON, and the signature in base64.
std::string signed_receipt(const Receipt& receipt, const crypto::SignPair& writer);

/// A receipt whose signature fits, and who signed it.
struct CheckedReceipt {
    Receipt receipt;
    std::string writer_name;
    bool writer_is_revoked = false;  ///< since then
};

/// Throws tampered for whatever is not, byte for byte, what a writer of this vault signed; too_new.
CheckedReceipt check_receipt(std::string_view text, const vault::RootLog& log);

}  // namespace mailhold::handover
