// Receipts signed and checked.

#include "mailhold/handover/receipt.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/crypto/crypto.hpp"

#include "receipt_json.hpp"

namespace mailhold::handover {
namespace {

constexpr std::string_view signature_context{"mailhold-receipt-v1\0", 20};

[[noreturn]] void refuse(const std::string& why)
{
    throw Error(ErrorKind::tampered, "this is not a receipt of this vault as it was signed: " + why,
                "ask whoever gave it to you for the file that mailhold wrote");
}

struct Lines {
    std::string_view json;
    crypto::Signature signature;
};

/// Exactly two lines, each ended by LF.
Lines lines_of(std::string_view text)
{
    const std::size_t first = text.find('\n');
    if (first == std::string_view::npos || text.find('\n', first + 1) != text.size() - 1)
        refuse("it has not two lines");
    const auto signature = from_base64(text.substr(first + 1, text.size() - first - 2));
    if (!signature || signature->size() != crypto::Signature::size)
        refuse("its second line is no signature");
    return {text.substr(0, first), crypto::Signature::from_bytes(*signature)};
}

const vault::WriterInfo& signer_of(const Lines& lines, const vault::RootLog& log)
{
    for (const auto& [id, writer] : log.writers)
        if (crypto::signature_fits(writer.key, signature_context, bytes_of(lines.json),
                                   lines.signature))
            return writer;
    refuse("no writer of the vault has signed it");
}

Receipt receipt_in(std::string_view json)
{
    try {
        return receipt_from_json(Json::parse(json));
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::malformed)
            throw;
        refuse("its first line is no receipt");
    }
}

}  // namespace

crypto::Hash list_hash(std::vector<crypto::ContentId> ids)
{
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    crypto::Hasher hasher;
    for (const crypto::ContentId& id : ids)
        hasher.add(id.bytes());
    return hasher.finish();
}

ReceiptPart receipt_part(const std::string& to, const restore::Plan& plan,
                         const deliver::UploadReport& report)
{
    std::vector<crypto::ContentId> ids;
    for (const deliver::UploadMessage& message : plan.messages)
        ids.push_back(message.id);
    ReceiptPart part{.to = to,
                     .planned = report.planned,
                     .uploaded = report.uploaded,
                     .already_there = report.already_there,
                     .verified = report.verified,
                     .bytes = report.bytes,
                     .list = list_hash(std::move(ids))};
    for (const deliver::FailedUpload& failed : report.failed)
        part.failed.push_back(plan.messages.at(failed.message).id);
    std::ranges::sort(part.failed);
    return part;
}

std::string signed_receipt(const Receipt& receipt, const crypto::SignPair& writer)
{
    const std::string json = receipt_json(receipt).dump();
    const crypto::Signature signature = crypto::sign(writer, signature_context, bytes_of(json));
    return json + "\n" + to_base64(signature.bytes()) + "\n";
}

CheckedReceipt check_receipt(std::string_view text, const vault::RootLog& log)
{
    const Lines lines = lines_of(text);
    const vault::WriterInfo& writer = signer_of(lines, log);
    CheckedReceipt checked{.receipt = receipt_in(lines.json),
                           .writer_name = writer.name,
                           .writer_is_revoked = writer.revoked_after_seq.has_value()};
    if (checked.receipt.vault != log.vault || checked.receipt.writer != writer.id ||
        checked.receipt.root_fingerprint != log.fingerprint())
        refuse("it speaks of another vault");
    return checked;
}

}  // namespace mailhold::handover
